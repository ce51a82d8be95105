/** Milliseconds between two ticks. */
const TICK_MS = 1000;

/**
 * One timer for all rows whose times go on by themselves: it runs while somebody listens, and tells nobody while
 * nothing is to be seen.
 */
export class Clock {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | null = null;
  private place: Element | null = null;

  /** `goesOn` tells whether the times go on at all. */
  constructor(private readonly goesOn: () => boolean) {}

  /** Takes the element in which the times are shown: nothing is to be seen while that is hidden. */
  showIn(place: Element | null): void {
    this.place = place;
  }

  /** Calls `listener` every second until the returned function is called. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    this.timer ??= setInterval(() => this.tick(), TICK_MS);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0 && this.timer !== null) {
        clearInterval(this.timer);
        this.timer = null;
      }
    };
  }

  private tick(): void {
    if (this.goesOn() && this.place?.checkVisibility() === true) {
      for (const listener of this.listeners) {
        listener();
      }
    }
  }
}
