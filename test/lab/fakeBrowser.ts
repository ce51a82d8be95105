import type { Channel, Locks, Page, PageMessage } from '../../src/lab/page/page';
import { FakeClock } from './fakeClock';

/** A page of a fake browser, with what a test does to it. */
export type FakePage = Page & { show(): void; hide(): void };

/** What the pages of one browser share: locks, lines between pages, storage; and a clock that stands still. */
export class FakeBrowser {
  readonly clock = new FakeClock();
  readonly stored = new Map<string, string>();
  readonly messages: PageMessage[] = [];
  private readonly lines = new Map<string, Set<(message: PageMessage) => void>>();
  private readonly locks = new FakeLocks();

  /** Opens one more page, which is seen. */
  page(change: Partial<Page> = {}): FakePage {
    const watchers = new Set<() => void>();
    let isVisible = true;
    const turn = (seen: boolean): void => {
      isVisible = seen;
      watchers.forEach(changed => changed());
    };
    return {
      clock: this.clock,
      random: Math.random,
      locks: this.locks,
      sight: {
        isVisible: () => isVisible,
        watch: changed => {
          watchers.add(changed);
          return () => watchers.delete(changed);
        }
      },
      storage: {
        getItem: key => this.stored.get(key) ?? null,
        setItem: (key, value) => void this.stored.set(key, value)
      },
      openChannel: (name, heard) => this.openChannel(name, heard),
      show: () => turn(true),
      hide: () => turn(false),
      ...change
    };
  }

  private openChannel(name: string, heard: (message: PageMessage) => void): Channel {
    const line = this.lines.get(name) ?? new Set();
    this.lines.set(name, line);
    line.add(heard);
    return {
      post: message => {
        this.messages.push(message);
        for (const other of [...line].filter(callback => callback !== heard)) {
          queueMicrotask(() => other(structuredClone(message)));
        }
      },
      close: () => line.delete(heard)
    };
  }
}

/** Locks as the Web Locks API has them: first come, first served. */
class FakeLocks implements Locks {
  private readonly queues = new Map<string, (() => void)[]>();

  async request(
    name: string,
    options: { ifAvailable?: true; signal?: AbortSignal },
    work: (lock: unknown) => Promise<void>
  ): Promise<void> {
    const queue = this.queues.get(name);
    if (queue === undefined) {
      this.queues.set(name, []);
    } else if (options.ifAvailable === true) {
      return work(null);
    } else {
      await inTurn(queue, options.signal);
    }
    try {
      await work({ name });
    } finally {
      const next = this.queues.get(name)?.shift();
      if (next === undefined) {
        this.queues.delete(name);
      } else {
        next();
      }
    }
  }
}

function inTurn(queue: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      queue.splice(queue.indexOf(come), 1);
      reject(new DOMException('The request was aborted.', 'AbortError'));
    };
    const come = (): void => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    queue.push(come);
    signal?.addEventListener('abort', leave);
    if (signal?.aborted === true) {
      leave();
    }
  });
}
