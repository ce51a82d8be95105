/** So many things at a time; whoever comes later waits for a slot. */
export class Slots {
  private inUse = 0;
  private limit: number;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly most: number) {
    this.limit = most;
  }

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

  /** The other side is a new one. */
  reset(): void {
    this.limit = this.most;
    this.waiting.splice(0).forEach(go => go());
  }
}
