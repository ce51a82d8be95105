import { problem } from '../../api/problem';
import type { Clock } from '../process/clock';
import type { RemoteAnswer, RemoteCommand } from './remote';
import { type Connection, NotRun, type Way } from './way';

/** How often a host that refuses a command while none of ours runs is asked again, and how soon, in seconds. */
const MOST_REFUSALS = 6;
const FIRST_PAUSE = 0.01;

/**
 * A way on whose connections at most so many commands run at a time, and fewer where the host takes no more. Others wait
 * for their turn; that the host has no room is not heard of outside.
 */
export function inSlots(way: Way, most: number, clock: Pick<Clock, 'sleep'>): Way {
  const { where } = way;
  return {
    where,
    connect: async asker =>
      new SlottedConnection(where, await way.connect(asker), new Slots(most), clock)
  };
}

class SlottedConnection implements Connection {
  /** Whether it has taken a command. */
  private hasServed = false;

  constructor(
    private readonly host: string,
    private readonly connection: Connection,
    private readonly slots: Slots,
    private readonly clock: Pick<Clock, 'sleep'>
  ) {}

  get isOpen(): boolean {
    return this.connection.isOpen;
  }

  async run(command: RemoteCommand): Promise<RemoteAnswer> {
    for (;;) {
      await this.slots.take();
      try {
        const answer = await this.runAlone(command);
        if (answer !== null) {
          return answer;
        }
      } finally {
        this.slots.free();
      }
      // Where it has taken commands before, whoever comes now is alone, and asks for a while.
      if (this.isOpen && !this.slots.shrink() && !this.hasServed) {
        const details = { output: 'the host takes no command on this connection' };
        throw problem('cluster-unreachable', { cluster: this.host }, { details });
      }
    }
  }

  close(): void {
    this.connection.close();
  }

  drop(): void {
    this.connection.drop();
  }

  /** Asks again for a while when nothing of ours is in the way: sshd counts a command a little longer than it runs. */
  private async runAlone(command: RemoteCommand): Promise<RemoteAnswer | null> {
    for (let refusals = 0; ; refusals += 1) {
      const answer = await this.runOnce(command);
      if (answer !== null || !this.hasServed || !this.slots.isAlone) {
        return answer;
      }
      if (refusals === MOST_REFUSALS) {
        // Commands that we have given up still run there, and hold what the host allows.
        this.drop();
        throw new NotRun('lost');
      }
      await this.clock.sleep(FIRST_PAUSE * 2 ** refusals);
    }
  }

  /** Null when the host takes no more at a time. */
  private async runOnce(command: RemoteCommand): Promise<RemoteAnswer | null> {
    if (!this.isOpen) {
      // It may have been lost while we waited.
      throw new NotRun('lost');
    }
    try {
      const answer = await this.connection.run(command);
      this.hasServed = true;
      return answer;
    } catch (error) {
      if (error instanceof NotRun && error.reason === 'no-room') {
        return null;
      }
      this.hasServed = true;
      throw error;
    }
  }
}

/** So many things at a time; whoever comes later waits for a slot. */
export class Slots {
  private inUse = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private limit: number) {}

  async take(): Promise<void> {
    while (this.inUse >= this.limit) {
      await new Promise<void>(resolve => this.waiting.push(resolve));
    }
    this.inUse += 1;
  }

  /** Whether one slot is in use, and no more. */
  get isAlone(): boolean {
    return this.inUse === 1;
  }

  free(): void {
    this.inUse -= 1;
    this.waiting.shift()?.();
  }

  /** No more than are in use now, as the other side takes no more; false when none is, so that waiting is in vain. */
  shrink(): boolean {
    this.limit = Math.max(1, this.inUse);
    return this.inUse > 0;
  }
}
