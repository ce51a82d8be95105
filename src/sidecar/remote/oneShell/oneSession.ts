import type { Clock } from '../../process/clock';
import { type Started, converse } from '../conversation';
import type { RemoteAnswer, RemoteCommand } from '../remote';
import { type Carrying, type Connection, NotRun, type Way } from '../way';
import { OneShell } from './oneShell';

/** How often a host is asked for its session while none of ours is open, and how soon, in seconds: sshd counts one longer than it lasts. */
const MOST_REFUSALS = 8;
const FIRST_PAUSE = 0.01;

/**
 * A way on whose connections everything goes through one bash as soon as the host turns out to give one session at a time: there a
 * command that hangs would hold the only one, and a new login may take a new code.
 */
export function oneSession(way: Way<Carrying | OneShell>, clock: Pick<Clock, 'sleep'>): Way {
  const { where } = way;
  const host: KnownHost = { name: where, givesOne: false };
  return {
    where,
    connect: async asker => {
      const made = await way.connect(asker);
      return made instanceof OneShell ? made : new OneSession(host, made, clock);
    }
  };
}

/** A host, and whether it has turned out to give one session at a time: that lasts longer than a connection. */
interface KnownHost {
  readonly name: string;
  givesOne: boolean;
}

class OneSession implements Connection {
  /** How many sessions are open; how many were given up, and may be open there; and the most that there were. */
  private open = 0;
  private left = 0;
  private most = 0;
  private readonly starting = new Set<Promise<Started>>();
  private idle: (() => void)[] = [];
  /** The one bash, once it is needed. */
  private shell: Promise<OneShell> | null = null;

  constructor(
    private readonly host: KnownHost,
    private readonly connection: Carrying,
    private readonly clock: Pick<Clock, 'sleep'>
  ) {}

  get isOpen(): boolean {
    return this.connection.isOpen;
  }

  async run(command: RemoteCommand): Promise<RemoteAnswer> {
    if (this.shell === null && !this.host.givesOne) {
      const started = await this.start();
      if (started !== null) {
        return converse(started, command, this.host.name);
      }
    }
    return this.runInShell(command);
  }

  close(): void {
    this.shell?.then(
      shell => shell.close(),
      () => undefined
    );
    this.connection.close();
  }

  drop(): void {
    this.connection.drop();
    this.shell?.then(
      shell => shell.drop(),
      () => undefined
    );
  }

  /**
   * A bash of its own for a command; null where the host has given one at a time so far, and has none now.
   *
   * @throws NotRun where it gives several, and none now.
   */
  private async start(): Promise<Started | null> {
    const starting = this.connection.start();
    const others = [...this.starting];
    this.starting.add(starting);
    let started: Started;
    try {
      started = await starting;
    } catch (error) {
      // Whether it gives one is told by those that have come before, and may not have their answer yet.
      await Promise.allSettled(others);
      if (isFull(error) && this.most === 1) {
        this.host.givesOne = true;
        return null;
      }
      throw error;
    } finally {
      this.starting.delete(starting);
    }
    this.open += 1;
    this.most = Math.max(this.most, this.open + this.left);
    let isOver = false;
    const over = (): void => {
      this.open -= isOver ? 0 : 1;
      isOver = true;
      if (this.open === 0) {
        this.idle.splice(0).forEach(go => go());
      }
    };
    started.ended.then(over, over);
    return {
      ...started,
      end: () => {
        this.left += isOver ? 0 : 1;
        started.end();
        over();
      }
    };
  }

  private async runInShell(command: RemoteCommand): Promise<RemoteAnswer> {
    for (;;) {
      this.shell ??= this.begin();
      const current = this.shell;
      const forget = (): void => {
        this.shell = this.shell === current ? null : this.shell;
      };
      const shell = await current.catch((error: unknown) => {
        forget();
        throw error;
      });
      try {
        return await shell.run(command);
      } catch (error) {
        if (!(error instanceof NotRun)) {
          throw error;
        }
        // The bash has ended by itself, or with the connection; it is not to hold the session.
        shell.drop();
        forget();
        if (!this.isOpen) {
          throw error;
        }
      }
    }
  }

  private async begin(): Promise<OneShell> {
    if (this.open > 0) {
      await new Promise<void>(resolve => this.idle.push(resolve));
    }
    for (let refusals = 0; ; refusals += 1) {
      try {
        const shell = await OneShell.begin(await this.connection.start(), this.host.name);
        this.most = 1;
        return shell;
      } catch (error) {
        // Where it has never given any, it gives none.
        if (!isFull(error) || (refusals === MOST_REFUSALS && this.most === 0)) {
          throw error;
        }
        if (refusals === MOST_REFUSALS) {
          // A command that we have given up still runs there, and holds the session.
          this.drop();
          throw new NotRun('lost');
        }
        await this.clock.sleep(FIRST_PAUSE * 2 ** refusals);
      }
    }
  }
}

function isFull(error: unknown): boolean {
  return error instanceof NotRun && error.reason === 'no-room';
}
