import type { AnyAuthMethod, Prompt } from 'ssh2';
import type { Interview } from '../interview';
import type { HostConfig } from '../ssh/hostConfig';
import { type Telling, joined } from '../telling';
import type { Identities } from './identities';
import type { Passphrases } from './passphrases';
import { type Signer, agentSigner, lockedSigner } from './signers';

/** The most keys that are shown in one login: sshd takes six attempts (sshd_config(5), MaxAuthTries), and one is kept. */
const MOST_KEYS = 5;

/** What became of the offers. */
export interface Offered {
  /** How the host last said that one can go on. */
  methods: readonly string[];
  /** Whether it asks, and nobody was there to answer. */
  isAsking: boolean;
  /** Whether it did not take what the person had answered. */
  isRefused: boolean;
}

type Interactive = 'keyboard-interactive' | 'password';

/**
 * One way to log in after another: none, to hear which there are; then keys and questions in the configuration's order, as
 * far as the host names them. A host that wants more goes on (a key, then a code); a host that does not take an answer is
 * not given another.
 */
export class Offers {
  readonly offered: Offered = { methods: [], isAsking: false, isRefused: false };
  private last: Signer | Interactive | 'none' | 'key' | null = null;
  private readonly keys: (() => Signer | AnyAuthMethod)[];
  private password: Buffer | null = null;
  /** How many rounds had been answered before the last offer. */
  private answered = 0;

  constructor(
    private readonly config: HostConfig,
    { agent, keys, ofAgent, unlockable }: Identities,
    private readonly interview: Interview,
    passphrases: Passphrases,
    /** What the host has told before it asks. */
    private readonly telling: Telling,
    /** Told that a person has not answered. */
    private readonly failed: (error: unknown) => void
  ) {
    const { user: username } = config;
    this.keys = [
      ...(agent === null ? [] : ofAgent.map(key => () => agentSigner(agent, key))),
      ...keys.map(
        ({ key }) =>
          () =>
            ({ type: 'publickey', username, key }) as const
      ),
      ...unlockable
        .filter(({ file }) => interview.isPossible || passphrases.areKept([file]))
        .map(key => () => lockedSigner(key, { interview, passphrases, failed }))
    ].slice(0, MOST_KEYS);
  }

  /**
   * What comes next; false: nothing.
   *
   * @param methods How one can go on, as the host says it; null at the beginning.
   * @param isPart Whether what came last was right, and more is wanted.
   * @throws ProblemError where a person was asked, and gave no answer.
   */
  async next(methods: readonly string[] | null, isPart: boolean): Promise<AnyAuthMethod | false> {
    const { user: username } = this.config;
    const { last } = this;
    if (last === null || (typeof last === 'object' && last.hasSigned)) {
      // Of a key that an agent has signed with, ssh2 does not tell what came of it (client.js, USERAUTH_FAILURE): the host says it again.
      this.last = 'none';
      return { type: 'none', username };
    }
    this.forget();
    this.offered.methods = methods ?? this.offered.methods;
    const wasAsked = last === 'keyboard-interactive' || last === 'password';
    if (wasAsked && !isPart && this.interview.answered > this.answered) {
      this.offered.isRefused = true;
      return false;
    }
    const exhausted = wasAsked && !isPart ? last : null;
    for (const method of this.config.methods) {
      if (this.offered.methods.includes(method) && method !== exhausted) {
        const offer = await this.offer(method);
        if (offer !== null) {
          return offer;
        }
      }
    }
    return false;
  }

  /** Forgets what was typed. */
  forget(): void {
    this.password?.fill(0);
  }

  /** The next of a kind; null where there is none. */
  private async offer(method: string): Promise<AnyAuthMethod | null> {
    const { user: username } = this.config;
    if (method === 'publickey') {
      return this.key();
    }
    if (method !== 'keyboard-interactive' && method !== 'password') {
      return null;
    }
    if (!this.interview.isPossible) {
      this.offered.isAsking = true;
      return null;
    }
    this.last = method;
    this.answered = this.interview.answered;
    if (method === 'keyboard-interactive') {
      return { type: method, username, prompt: this.rounds };
    }
    const prompts = [{ text: passwordPrompt(this.config), echo: false }];
    const [password = ''] = await this.interview.ask({ kind: 'prompts', prompts });
    this.password = Buffer.from(password);
    // ssh2 takes bytes, too, and keeps what it was given as long as the connection: these can be forgotten.
    return { type: method, username, password: this.password as unknown as string };
  }

  /** A round of the host's own questions, as often as it has some. */
  private readonly rounds = (
    name: string,
    instruction: string,
    _: string,
    prompts: Prompt[],
    finish: (answers: string[]) => void
  ): void => {
    const shown = prompts.map(({ echo = false, prompt }) => ({ text: prompt, echo }));
    this.interview
      .ask({
        kind: 'prompts',
        name,
        instruction: joined(this.telling.take(), instruction),
        prompts: shown
      })
      .then(answers => finish([...answers]), this.failed);
  };

  private key(): AnyAuthMethod | null {
    const { user: username } = this.config;
    const next = this.keys.shift()?.();
    if (next === undefined) {
      return null;
    }
    if ('type' in next) {
      this.last = 'key';
      return next;
    }
    this.last = next;
    return { type: 'agent', username, agent: next };
  }
}

/** What ssh itself would ask. */
function passwordPrompt({ hostName, user }: HostConfig): string {
  return `${user}@${hostName}'s password: `;
}
