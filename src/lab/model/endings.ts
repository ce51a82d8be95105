import { type JobRecord, isTerminal } from '../../api/job';
import type { JobList } from './jobList';
import { inOnePage } from '../page/inOnePage';
import type { Page } from '../page/page';
import { SharedNames } from '../page/sharedNames';

/** Sees which jobs have ended, so that one page of the browser, and only one, tells the person. */
export class Endings {
  /** The ids of jobs whose end a person is to be told of. */
  private readonly watched: SharedNames;

  constructor(
    private readonly page: Pick<Page, 'clock' | 'locks' | 'sight' | 'storage'>,
    /** Names the jobs of one Jupyter server among all that the browser has. */
    private readonly name: string,
    private readonly tell: (job: JobRecord) => void
  ) {
    this.watched = new SharedNames(page.storage, name);
  }

  /** Whether there are jobs whose end is still to be told. */
  get areAwaited(): boolean {
    return this.watched.all.size > 0;
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
    for (const id of this.watched.all) {
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
    for (const id of this.watched.all) {
      if (list.find(id) === undefined) {
        this.watched.take(id);
      }
    }
  }

  /** Whoever takes a job out of what is watched tells of it, unless another page does at the same moment. */
  private async take(job: JobRecord): Promise<void> {
    if (this.watched.take(job.id)) {
      await inOnePage(this.page, `${this.name}:${job.id}`, () => this.tell(job));
    }
  }
}

/** Whether nothing more will happen to a job by itself: it is over, and its result is where it stays. */
function isSettled({ result, state }: JobRecord): boolean {
  return isTerminal(state) && result.place !== 'pending' && result.place !== 'fetching';
}
