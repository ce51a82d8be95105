import type { JobEvent } from '../../api/events';
import type { Problem } from '../../api/problem';

/** Time, in milliseconds. */
export interface Clock {
  /** Since 1970. */
  now(): number;
  /** Calls back once, so much later, unless the returned function is called before. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Something that one page of a browser at a time can hold: the part of the Web Locks API that we use. */
export interface Locks {
  /**
   * Holds `name` as long as `work` takes. With `ifAvailable`, `work` gets null when another page holds it; else it
   * waits, and rejects when `signal` is aborted meanwhile.
   */
  request(
    name: string,
    options: { ifAvailable: true } | { signal: AbortSignal } | Record<never, never>,
    work: (lock: unknown) => Promise<void>
  ): Promise<void>;
}

/** What pages tell each other. */
export type PageMessage =
  | { type: 'heard'; event: JobEvent }
  | { type: 'failed'; problem: Problem }
  /** The job that a page shows closely; null: none. */
  | { type: 'view'; page: string; view: string | null }
  /** The page that has the stream is a new one, and wants to know all views. */
  | { type: 'views-wanted' };

/** A line to the other pages of this browser. */
export interface Channel {
  post(message: PageMessage): void;
  close(): void;
}

/** Whether a page can be seen. */
export interface Sight {
  isVisible(): boolean;
  /** Calls back after each change until the returned function is called. */
  watch(changed: () => void): () => void;
}

/** What a page has of its browser. */
export interface Page {
  clock: Clock;
  /** A number in [0, 1). */
  random: () => number;
  sight: Sight;
  /** null where the browser has none for this page, as on plain http from another machine. */
  locks: Locks | null;
  /** What pages of one browser share. Each call may throw: storage can be forbidden, or full. */
  storage: Pick<Storage, 'getItem' | 'setItem'>;
  openChannel(name: string, heard: (message: PageMessage) => void): Channel;
}
