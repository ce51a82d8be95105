import type { Clock } from '../../src/lab/page/page';
import { settled } from './settled';

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  private time = 1_000_000;
  private timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.time + delayMs, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter(other => other !== timer);
    };
  }

  /** Lets so much time go by; what falls due is called in its order, and may set further timers. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      await settled();
      const [next] = this.timers.toSorted((one, other) => one.at - other.at);
      if (next === undefined || next.at > end) {
        break;
      }
      this.time = next.at;
      this.timers = this.timers.filter(timer => timer !== next);
      next.callback();
    }
    this.time = end;
    await settled();
  }
}
