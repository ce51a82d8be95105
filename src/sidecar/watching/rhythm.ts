import type { JobRecord } from '../../api/job';
import { type Attention, filesInterval, queueInterval, retryInterval } from '../../job/pace';
import type { QueuePace } from '../../schedulers/scheduler';
import type { Clock } from '../process/clock';

/** Seconds until the scheduler's records are asked, at the soonest. */
const SOONEST = 0.5;

/** How old the youngest job may be for looks that wait for its end, and the longest that they do, in seconds. */
const LINGER_AGE = 60;
const LONGEST_LINGER = 7;

/** When the jobs of one site are looked at again, and their queue is asked. Times are in seconds. */
export class Rhythm {
  private queueDueAt = -Infinity;
  private failures = 0;
  /** How often in a row the cluster was heard, and its queue did not answer. */
  private queueFailures = 0;

  constructor(
    private readonly clock: Clock,
    private readonly watching: { attention(ids: readonly string[]): Attention }
  ) {}

  /** Has the next look ask the queue. */
  askQueue(): void {
    this.queueDueAt = -Infinity;
  }

  isQueueDue(): boolean {
    return this.clock.steady() >= this.queueDueAt;
  }

  heard(): void {
    this.failures = 0;
  }

  unheard(): void {
    this.failures += 1;
  }

  queueAsked(active: readonly JobRecord[], hasAnswered: boolean, pace: QueuePace): void {
    this.queueFailures = hasAnswered ? 0 : this.queueFailures + 1;
    this.queueDueAt = this.clock.steady() + this.queuePause(active, pace);
  }

  /** Until the next look; `askAt` is when the scheduler's records are to explain an end, Infinity where none is. */
  pause(active: readonly JobRecord[], askAt: number): number {
    if (this.failures > 0) {
      return retryInterval(this.failures) * about();
    }
    const isEnding = active.some(({ cancelRequestedAt }) => cancelRequestedAt !== null);
    const attention = isEnding ? 'close' : this.watching.attention(active.map(({ id }) => id));
    const interval = filesInterval(this.youngestAge(active), attention) * about();
    return Math.min(interval, Math.max(SOONEST, askAt - this.clock.now()));
  }

  /** For how long the next look waits there for the end of a young job that somebody follows. */
  linger(active: readonly JobRecord[], askAt: number): number {
    const isYoung = this.youngestAge(active) < LINGER_AGE;
    const interval = isYoung && this.failures === 0 ? this.pause(active, askAt) : Infinity;
    return interval <= LONGEST_LINGER ? interval : 0;
  }

  /** A queue that fails may have kept us waiting (squeue tries for long): what the files tell must not wait for it often. */
  private queuePause(active: readonly JobRecord[], pace: QueuePace): number {
    // Each cluster of this site has a say.
    const least = Math.max(0, ...active.map(({ cluster }) => cluster.queueSeconds));
    const usual = queueInterval(this.youngestAge(active), pace, least);
    return this.queueFailures > 0 ? Math.max(usual, retryInterval(this.queueFailures)) : usual;
  }

  private youngestAge(active: readonly JobRecord[]): number {
    const youngest = Math.max(...active.map(({ submittedAt }) => submittedAt ?? 0));
    return this.clock.now() - youngest;
  }
}

/** So that not all who watch ask at the same time. */
function about(): number {
  return 0.9 + 0.2 * Math.random();
}
