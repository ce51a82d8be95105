import { type Server, type Socket, createServer } from 'node:net';
import * as v from 'valibot';
import { finite, text } from '../../../api/bounds';

/** The most letters that a question may have; a host has put together the text. */
const LONGEST_QUESTION = 1_000_000;

/** What ssh asks by its helper program. */
export const SshQuestion = v.object({
  prompt: text(LONGEST_QUESTION),
  /** `SSH_ASKPASS_PROMPT`: `confirm` for yes or no, `none` for what has no answer; empty for a text. */
  hint: v.string(),
  /** The process that asks. */
  parent: finite
});
export type SshQuestion = v.InferOutput<typeof SshQuestion>;

/** Takes the questions of the helper programs of one login. */
export class AskpassServer {
  private readonly server: Server;
  private readonly open = new Set<Socket>();

  /**
   * @param ask Answers a question; when it rejects, the ssh that asks ends. `over` is aborted when nobody waits for the answer
   * any more.
   */
  private constructor(
    private readonly ask: (question: SshQuestion, over: AbortSignal) => Promise<string>
  ) {
    this.server = createServer({ allowHalfOpen: true }, socket => this.serve(socket));
  }

  /** @param socket The path to listen at; its folder is for its owner alone. */
  static async listen(
    socket: string,
    ask: (question: SshQuestion, over: AbortSignal) => Promise<string>
  ): Promise<AskpassServer> {
    const made = new AskpassServer(ask);
    await new Promise<void>((resolve, reject) => {
      made.server.once('error', reject);
      made.server.listen(socket, resolve);
    });
    return made;
  }

  /** Nothing is answered any more: whatever still asks ends. */
  close(): void {
    this.server.close();
    this.open.forEach(socket => socket.destroy());
  }

  private serve(socket: Socket): void {
    const over = new AbortController();
    this.open.add(socket);
    socket.on('error', () => undefined);
    const leave = (): void => {
      this.open.delete(socket);
      over.abort(new Error('ssh does not wait for the answer any more'));
    };
    socket.once('close', leave);
    socket.once('end', () => socket.destroy());
    let said = '';
    const read = (chunk: string): void => {
      said += chunk;
      if (said.length > 2 * LONGEST_QUESTION) {
        socket.destroy();
      } else if (said.endsWith('\n')) {
        socket.off('data', read);
        socket.resume();
        void this.answer(socket, said, over.signal);
      }
    };
    socket.setEncoding('utf8').on('data', read);
  }

  private async answer(socket: Socket, said: string, over: AbortSignal): Promise<void> {
    try {
      const question = v.parse(SshQuestion, JSON.parse(said));
      const answer = await this.ask(question, over);
      socket.end(`${JSON.stringify({ answer })}\n`);
    } catch {
      // Whoever could not answer knows why.
      socket.destroy();
    }
  }
}
