import { isTerminal } from '../../api/job';
import type { Clock } from '../process/clock';
import type { Jobs } from '../records/jobs';
import type { Viewers } from '../watching/viewers';

/** Seconds without a call and without an active job after which the sidecar leaves. */
export const IDLE_SECONDS = 600;

/** Notes when somebody called last, and so when nobody needs this process any more. */
export class Idle {
  private calledAt: number;

  constructor(
    private readonly jobs: Jobs,
    private readonly viewers: Viewers,
    private readonly clock: Clock,
    private readonly idleSeconds: number
  ) {
    this.calledAt = clock.steady();
  }

  /** Somebody calls now. */
  noteCall(): void {
    this.calledAt = this.clock.steady();
  }

  /** Resolves when nobody has called for long enough and no job is active, or when `stopping` is aborted. */
  async whenIdle(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      if (this.isBusy()) {
        this.calledAt = this.clock.steady();
      }
      const left = this.calledAt + this.idleSeconds - this.clock.steady();
      if (left <= 0) {
        return;
      }
      await this.clock.sleep(Math.min(left, 30), stopping);
    }
  }

  private isBusy(): boolean {
    return (
      this.viewers.count > 0 ||
      this.jobs
        .list()
        .some(({ state, result }) => !isTerminal(state) || result.place === 'fetching')
    );
  }
}
