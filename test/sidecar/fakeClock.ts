import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/sidecar/process/clock';

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  /** What was asked to be waited for, in seconds, in order. */
  readonly sleeps: number[] = [];
  private set = 0;
  private time = 1_790_000_000;
  private waiting: { until: number; wake: () => void }[] = [];

  now(): number {
    return this.time + this.set;
  }

  steady(): number {
    return this.time;
  }

  /** Somebody sets the time of day, forward by so many seconds. */
  put(seconds: number): void {
    this.set += seconds;
  }

  sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(seconds);
    return new Promise(resolve => {
      const wake = (): void => {
        this.waiting = this.waiting.filter(sleeper => sleeper.wake !== wake);
        resolve();
      };
      this.waiting.push({ until: this.time + seconds, wake });
      signal?.addEventListener('abort', wake);
      if (signal?.aborted === true) {
        wake();
      }
    });
  }

  /** Moves on, and wakes whoever has waited long enough. */
  advance(seconds: number): void {
    this.time += seconds;
    this.waiting.filter(({ until }) => until <= this.time).forEach(({ wake }) => wake());
  }

  /** Moves on second by second while somebody waits, letting others work meanwhile, until `is` holds. */
  async advanceUntil(is: () => boolean): Promise<void> {
    while (!is()) {
      if (this.waiting.length > 0) {
        this.advance(1);
      }
      await turn();
    }
  }
}
