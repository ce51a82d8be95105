import { setImmediate as turn } from 'node:timers/promises';
import { problem } from '../../../api/problem';
import type { Asker } from '../asker';
import { asProblem } from '../../process/asProblem';
import { Interview } from '../interview';
import type { HostConfig } from '../ssh/hostConfig';
import { Telling, joined } from '../telling';
import type { Passphrases } from '../ssh2/passphrases';
import type { SshQuestion } from './askpassServer';
import { watchForHangUp } from './hangUp';
import type { Kept } from './keeper';
import { type Attempt, loginProblem } from './loginProblem';
import { whyNoSocket } from './multiplexing';
import { ownWords } from './mux';
import { ToldByHost } from './toldByHost';
import { type ReadQuestion, answerOf, readQuestion } from './sshQuestion';

/** Seconds for which ssh may say nothing and ask nothing; longer where a person was asked, who may have to look at a telephone. */
const SILENT_SECONDS = 60;
const SILENT_AFTER_ANSWER_SECONDS = 120;

/** Milliseconds that an ssh has to end whose question is not answered. */
const END_MS = 2000;

/** What ssh says before a host's own questions; a host may print it, too, and takes nothing back by that. */
const HOST_ASKS = /^debug1: Next authentication method: keyboard-interactive/m;

/** The most bytes of an answer: ssh reads no more of it (readpass.c), and would send that. */
const LONGEST_ANSWER = 1023;

/** Whose interview shows what a host tells: no process that asks. */
const NOBODY = 0;

/** How much is kept of what ssh says, in letters. */
const MOST_SAID = 200_000;

/** One login: what ssh says and asks until it is through, or ends. */
export class LoginConversation {
  private said = '';
  private failure: Error | null = null;
  private questions = 0;
  /** How many texts were given. */
  private answered = 0;
  private isWaiting = 0;
  private isUnanswered = false;
  private isThrough = false;
  private timer: NodeJS.Timeout | null = null;
  /** The last prompt of a host that was answered: which ssh had asked, and what was said since. */
  private last: { parent: number | null; said: string } = { parent: null, said: '' };
  private kept: Kept | null = null;
  private readonly telling = new Telling(
    (text, over) => this.interviewOf(NOBODY).show(text, over),
    error => {
      this.fail(error);
      this.endSoon();
    }
  );
  private readonly told = new ToldByHost(line => this.telling.say(line));
  /** One for each ssh that asks: there may be hosts on the way. */
  private readonly interviews = new Map<number, Interview>();

  /** @param master The path of the socket that ssh makes once it is through, where it makes one. */
  constructor(
    private readonly config: HostConfig,
    private readonly asker: Asker | null,
    private readonly passphrases: Passphrases,
    private readonly master: string
  ) {}

  /** The answer to a question of ssh's. Rejects where there is none: then the ssh that asks is to end. */
  async answer(question: SshQuestion, over: AbortSignal): Promise<string> {
    if (this.isThrough) {
      // UpdateHostKeys asks behind the login.
      return 'no';
    }
    // Whatever ssh had said before it began to ask is read by then: who asks decides about a passphrase.
    await turn();
    const read = readQuestion(question, HOST_ASKS.test(this.said));
    this.questions += 1;
    const keyFile = read?.keyFile ?? null;
    const isOfHost = keyFile !== null && this.config.identityFiles.includes(keyFile);
    const kept = isOfHost ? await this.passphrases.of(keyFile) : null;
    if (kept !== null && this.failure === null) {
      return kept;
    }
    if (read !== null && this.asker === null && this.failure === null) {
      const unasked = unaskedAnswer(read);
      if (unasked !== null) {
        return unasked;
      }
    }
    if (read === null || this.asker === null || this.failure !== null) {
      // PINs and touches are asked for even where ssh is told not to ask.
      this.isUnanswered ||= this.asker === null;
      this.endSoon();
      throw new Error('not answered');
    }
    const { alias: host, hostName, user } = this.config;
    if (
      read.asked.kind === 'prompts' &&
      question.parent === this.last.parent &&
      isRefusal(this.last.said)
    ) {
      // It would go on to another method, and send the next password.
      this.failure = problem(
        'answer-refused',
        { host, user },
        { details: { where: host, output: ownWords(this.said) } }
      );
      this.endSoon();
      throw this.failure;
    }
    const interview = this.interviewOf(question.parent);
    let isKept = false;
    const gone = new AbortController();
    const stopWatching = watchForHangUp(question.parent, () =>
      gone.abort(problem('sign-in-expired', { host }))
    );
    try {
      const { instruction = '', kind } = read.asked;
      const said = kind === 'prompts' ? joined(this.telling.take(), instruction) : instruction;
      const answers = await interview.ask(
        { ...read.asked, instruction: said, mayKeep: isOfHost },
        {
          over: AbortSignal.any([over, gone.signal]),
          who: read.who ?? `${user}@${hostName}`,
          kept: () => {
            isKept = true;
          }
        }
      );
      // Who agrees to a host's key has answered nothing that it could refuse.
      this.answered += ['prompts', 'passphrase'].includes(read.asked.kind) ? 1 : 0;
      if (read.asked.kind === 'prompts') {
        this.last = { parent: question.parent, said: '' };
      }
      const answer = answerOf(read.asked, answers);
      if (Buffer.byteLength(answer) > LONGEST_ANSWER || /[\r\n]/.test(answer)) {
        const details = { where: host, output: 'an answer is one line of at most 1023 bytes' };
        throw problem('answer-refused', { host, user }, { details });
      }
      if (isKept && keyFile !== null) {
        await this.passphrases.keepIfRight(keyFile, answer);
      }
      return answer;
    } catch (error) {
      if (read.asked.kind === 'confirm' && asProblem(error).code === 'sign-in-cancelled') {
        // Who wants no key added to the agent goes on.
        return 'no';
      }
      if (!over.aborted) {
        this.fail(error);
        this.endSoon();
      }
      throw error;
    } finally {
      stopWatching();
    }
  }

  /**
   * Resolves when somebody is logged in.
   *
   * @param sees Whether that can be seen, asked whenever ssh has said something.
   * @throws ProblemError when ssh ends.
   */
  async watch(
    kept: Kept,
    sees: (said: string) => boolean,
    environment: NodeJS.ProcessEnv
  ): Promise<void> {
    this.kept = kept;
    this.beginSilence();
    const through = new Promise<boolean>(resolve => {
      kept.stderr.on('data', (chunk: Buffer) => {
        this.hear(chunk.toString());
        if (sees(this.said)) {
          resolve(true);
        } else if (whyNoSocket(this.master, this.said) !== null) {
          // It may stay, and nothing could go through it.
          kept.end();
        }
      });
      void kept.ended.then(() => resolve(false));
    });
    const isThrough = await through;
    this.isThrough = isThrough;
    clearTimeout(this.timer ?? undefined);
    this.telling.end();
    this.interviews.forEach(interview => interview.end(this.config.alias));
    if (!isThrough) {
      throw this.failure ?? (await loginProblem(this.attempt(environment)));
    }
    kept.stderr.removeAllListeners('data').resume();
  }

  private fail(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
  }

  /** Whoever asks ends the ssh that has started it; what is left then is ended here. */
  private endSoon(): void {
    setTimeout(() => {
      // A touch that was asked for is over with the login.
      if (!this.isThrough) {
        this.kept?.kill();
      }
    }, END_MS);
  }

  private attempt(environment: NodeJS.ProcessEnv): Attempt {
    const { answered, config, isUnanswered, master, said } = this;
    return { config, environment, said, answered, isUnanswered, master };
  }

  private hear(text: string): void {
    this.told.hear(text);
    this.said = `${this.said}${text}`.slice(-MOST_SAID);
    this.last.said = `${this.last.said}${text}`.slice(-MOST_SAID);
    this.beginSilence();
  }

  private beginSilence(): void {
    clearTimeout(this.timer ?? undefined);
    if (this.isWaiting > 0) {
      return;
    }
    const seconds = this.questions === 0 ? SILENT_SECONDS : SILENT_AFTER_ANSWER_SECONDS;
    this.timer = setTimeout(() => {
      const details = { output: `ssh has said nothing for ${seconds} s` };
      this.failure ??= problem('cluster-unreachable', { cluster: this.config.alias }, { details });
      this.kept?.kill();
    }, seconds * 1000);
  }

  private interviewOf(parent: number): Interview {
    const known = this.interviews.get(parent);
    if (known) {
      return known;
    }
    const { hostName, user } = this.config;
    const made = new Interview(this.asker, `${user}@${hostName}`, isWaiting => {
      this.isWaiting += isWaiting ? 1 : -1;
      this.beginSilence();
    });
    this.interviews.set(parent, made);
    return made;
  }
}

/** Whether a host did not take an answer; with part of what it wants it goes on. */
function isRefusal(said: string): boolean {
  return (
    /^debug1: Authentications that can continue: /m.test(said) &&
    !/ with partial success\./.test(said)
  );
}

/**
 * What is answered where nobody can be asked and ssh asks all the same, as it may open some key: it goes on without another key and
 * without a host that is not known; null: such a question is the end.
 */
function unaskedAnswer({ asked, keyFile }: ReadQuestion): string | null {
  if (asked.kind === 'host-key') {
    return 'no';
  }
  return keyFile === undefined ? null : '';
}
