import { type JobRecord, isTerminal } from '../../api/job';
import type { JobList } from './jobList';
import type { Page } from '../page/page';
import { WatchedJobs } from './watchedJobs';

/** Milliseconds that a page keeps others from telling the same: longer than they take to hear of it. */
const TURN_MS = 10_000;

/** Sees which jobs have ended, so that one page of the browser, and only one, tells the person. */
export class Endings {
  private readonly watched: WatchedJobs;

  constructor(
    private readonly page: Pick<Page, 'clock' | 'locks' | 'sight' | 'storage'>,
    /** Names the jobs of one Jupyter server among all that the browser has. */
    private readonly name: string,
    private readonly tell: (job: JobRecord) => void
  ) {
    this.watched = new WatchedJobs(page.storage, name);
  }

  /** Whether there are jobs whose end is still to be told. */
  get areAwaited(): boolean {
    return this.watched.ids.size > 0;
  }

  /** Takes in the list after something in it has changed. */
  look(list: JobList): void {
    for (const job of list.all) {
      if (!isSettled(job)) {
        this.watched.add(job.id);
      }
    }
    this.tellEnded(list);
  }

  /** Tells what has ended, also by a list that may be old by now. A page that nobody sees leaves it to another. */
  tellEnded(list: JobList): void {
    if (!this.page.sight.isVisible()) {
      return;
    }
    for (const id of this.watched.ids) {
      const job = list.find(id);
      if (job !== undefined && isSettled(job)) {
        void this.take(job);
      }
    }
  }

  /** Waits no longer for a job that is gone. */
  forget(id: string): void {
    this.watched.take(id);
  }

  /** Waits no longer for jobs that are not in this list, which is that of all jobs as they are now. */
  forgetOthers(list: JobList): void {
    for (const id of this.watched.ids) {
      if (list.find(id) === undefined) {
        this.watched.take(id);
      }
    }
  }

  /**
   * Pages see an end at about the same moment, and what one of them writes to their storage reaches the others late:
   * whoever gets the lock of that job tells of it.
   */
  private async take(job: JobRecord): Promise<void> {
    const { clock, locks } = this.page;
    if (!this.watched.take(job.id)) {
      return;
    }
    if (locks === null) {
      this.tell(job);
      return;
    }
    await locks.request(`${this.name}:${job.id}`, { ifAvailable: true }, async lock => {
      if (lock !== null) {
        this.tell(job);
        await new Promise<void>(over => clock.after(TURN_MS, over));
      }
    });
  }
}

/** Whether nothing more will happen to a job by itself: it is over, and its result is where it stays. */
function isSettled({ result, state }: JobRecord): boolean {
  return isTerminal(state) && result.place !== 'pending' && result.place !== 'fetching';
}
