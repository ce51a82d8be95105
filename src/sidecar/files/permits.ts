/** How many threads may be taken at a time. One that does not come back in its time is lost, and may still come back later. */
export class Permits {
  private taken = 0;
  private lost = 0;
  private readonly waiting: ((isGiven: boolean) => void)[] = [];

  constructor(private readonly most: number) {}

  get isUnused(): boolean {
    return this.taken === 0;
  }

  /** Waits for one; false when all are lost, so that waiting is in vain. */
  async take(): Promise<boolean> {
    if (this.taken < this.most) {
      this.taken += 1;
      return true;
    }
    return this.lost < this.most && new Promise(resolve => this.waiting.push(resolve));
  }

  /** One that is taken does not come back. */
  lose(): void {
    this.lost += 1;
    if (this.lost === this.most) {
      this.waiting.splice(0).forEach(go => go(false));
    }
  }

  /** One comes back. */
  leave(wasLost: boolean): void {
    this.lost -= wasLost ? 1 : 0;
    const next = this.waiting.shift();
    if (next) {
      next(true);
    } else {
      this.taken -= 1;
    }
  }
}
