import type { Page } from './page';

/** Milliseconds for which a page stays with its jobs after it was hidden, or the last that followed them has left. */
const LINGER_MS = 10_000;

/** What is done when a page begins to attend to its jobs, and when it ends. */
export interface Attending {
  begin: () => void;
  end: () => void;
}

/** Whether a page attends to its jobs: while somebody follows them and it can be seen, and a little longer. */
export class Attention {
  private isWanted = false;
  /** Whether it does at present. */
  isOn = false;
  private stay: () => void = () => undefined;
  private readonly unwatch: () => void;

  constructor(
    private readonly page: Pick<Page, 'clock' | 'sight'>,
    private readonly attending: Attending
  ) {
    this.unwatch = page.sight.watch(() => this.update());
  }

  want(isWanted: boolean): void {
    if (isWanted !== this.isWanted) {
      this.isWanted = isWanted;
      this.update();
    }
  }

  dispose(): void {
    this.unwatch();
    this.stay();
    this.turnOff();
  }

  private update(): void {
    const { clock, sight } = this.page;
    this.stay();
    if (!this.isWanted || !sight.isVisible()) {
      this.stay = clock.after(LINGER_MS, () => this.turnOff());
    } else if (!this.isOn) {
      this.isOn = true;
      this.attending.begin();
    }
  }

  private turnOff(): void {
    if (this.isOn) {
      this.isOn = false;
      this.attending.end();
    }
  }
}
