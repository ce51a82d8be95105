import * as v from 'valibot';
import { problem } from '../../api/problem';
import { Round } from '../../api/question';
import type { Asker } from './asker';

/** Milliseconds that a login may take with all its questions, as sshd has it by itself (sshd_config(5), LoginGraceTime). */
const GRACE_MS = 120_000;

/** What one login may ask: rounds in all, rounds at a time (a touch while a PIN is asked for), and prompts in a round. */
const MOST_ROUNDS = 50;
const MOST_WAITING = 2;
const MOST_PROMPTS = 20;

/** What a question is beside what all of one login have in common. */
export type Asked = Pick<Round, 'kind'> &
  Partial<
    Pick<Round, 'name' | 'instruction' | 'prompts' | 'key' | 'file' | 'isRepeated' | 'mayKeep'>
  >;

/** What there is to a single question beside itself. */
export interface AskedBy {
  /** When its answer is not wanted any more. */
  over?: AbortSignal;
  /** Who asks it, where it is not the host of the interview. */
  who?: string;
  /** Called where the person wants a passphrase kept. */
  kept?: () => void;
}

/** All that one login on one host asks of its person; over when the login is. */
export class Interview {
  /** How many rounds were answered. */
  answered = 0;
  private readonly expires = Date.now() + GRACE_MS;
  private readonly over = new AbortController();
  private waiting = 0;
  private asked = 0;

  /**
   * @param asker null: nobody can be asked.
   * @param who `user@host`, as the questions name the host.
   * @param waits Told when the login begins to wait for the person, and when it goes on.
   */
  constructor(
    private readonly asker: Asker | null,
    private readonly who: string,
    private readonly waits: (isWaiting: boolean) => void = () => undefined
  ) {}

  /** Whether somebody can be asked. */
  get isPossible(): boolean {
    return this.asker !== null;
  }

  /** Whether the login waits for the person. */
  get isWaiting(): boolean {
    return this.waiting > 0;
  }

  /**
   * An answer for each prompt.
   *
   * @throws ProblemError `sign-in-cancelled`, `sign-in-expired`, `cluster-unreachable` for a host that asks without an end, and what
   * the login ended with meanwhile.
   */
  async ask(
    asked: Asked,
    { kept, over, who = this.who }: AskedBy = {}
  ): Promise<readonly string[]> {
    this.asked += 1;
    const prompts = asked.prompts?.length ?? 0;
    if (this.waiting >= MOST_WAITING || this.asked > MOST_ROUNDS || prompts > MOST_PROMPTS) {
      const details = { output: `${who} asks without an end` };
      throw problem('cluster-unreachable', { cluster: who }, { details });
    }
    this.waiting += 1;
    this.waits(true);
    try {
      const answers = await this.put(asked, { ...(kept && { kept }), ...(over && { over }), who });
      this.answered += 1;
      return answers;
    } finally {
      this.waiting -= 1;
      this.waits(false);
    }
  }

  /** Shows what the host tells; the login does not wait for that. Resolves when the person has seen it, or nobody can. */
  async show(instruction: string, over: AbortSignal): Promise<void> {
    if (this.isPossible) {
      await this.put({ kind: 'prompts', instruction }, { over });
    }
  }

  private put(asked: Asked, { kept, over, who = this.who }: AskedBy): Promise<readonly string[]> {
    if (this.asker === null) {
      throw new Error('nobody can be asked');
    }
    // Texts are cut there.
    const round = v.parse(Round, {
      name: '',
      instruction: '',
      prompts: [],
      key: null,
      file: null,
      isRepeated: false,
      mayKeep: false,
      ...asked,
      asker: who,
      expires: this.expires
    });
    const signals = [this.over.signal, ...(over === undefined ? [] : [over])];
    return this.asker.ask(round, AbortSignal.any(signals), kept);
  }

  /** The login is over: nobody waits for an answer any more. */
  end(host: string): void {
    this.over.abort(problem('sign-in-expired', { host }));
  }
}
