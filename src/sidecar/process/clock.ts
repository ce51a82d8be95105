import { performance } from 'node:perf_hooks';
import { setTimeout as timeout } from 'node:timers/promises';

/** Time, as everything with effects takes it; tests bring their own. */
export interface Clock {
  /** Seconds since 1970. */
  now(): number;
  /** Seconds that have passed since whenever: nobody sets this clock, and it stands while the machine sleeps. */
  steady(): number;
  /** Resolves after so many seconds, or at once when `signal` is aborted. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  steady: () => performance.now() / 1000,
  sleep: async (seconds, signal) => {
    try {
      await timeout(seconds * 1000, undefined, { ref: true, ...(signal && { signal }) });
    } catch {
      // Aborted: whoever did it knows.
    }
  }
};
