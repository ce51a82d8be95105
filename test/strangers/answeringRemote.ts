import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Remote, RemoteAnswer, RemoteCommand } from '../../src/sidecar/remote/remote';

/** Stands, in what a test answers, for the mark before each part that the script asks for. */
export const PART_MARK = '@@MARK';

/** What a host answers: bytes behind the mark of the script, or in its place; what it complains; how it ended. */
export interface Answer {
  bytes: Buffer;
  stderr?: string;
  exitCode?: number | null;
  isUnmarked?: boolean;
}

/** A host that answers each command with what a test says. No real one lies so fast. */
export class AnsweringRemote implements Remote {
  readonly where = 'stranger';
  answer: Answer = { bytes: Buffer.alloc(0) };

  async run({ input, output, script }: RemoteCommand): Promise<RemoteAnswer> {
    const { bytes, exitCode = 0, isUnmarked = false, stderr = '' } = this.answer;
    const [, mark = ''] = /^printf '\\n%s\\n' '(.*)';/.exec(script) ?? [];
    const [part = PART_MARK] = /@@[0-9a-f]{18}/.exec(script) ?? [];
    const marked = replaced(bytes, part);
    input?.destroy();
    if (output) {
      const chunks = isUnmarked ? [marked] : [Buffer.from(`noise\n${mark}\n`), marked];
      await pipeline(Readable.from(chunks), output);
    }
    return { stdout: '', stderr, exitCode, signal: null };
  }
}

function replaced(bytes: Buffer, part: string): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(PART_MARK); at >= 0; at = bytes.indexOf(PART_MARK, from)) {
    pieces.push(bytes.subarray(from, at), Buffer.from(part));
    from = at + PART_MARK.length;
  }
  return Buffer.concat([...pieces, bytes.subarray(from)]);
}
