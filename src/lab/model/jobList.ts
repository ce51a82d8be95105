import type { JobEvent } from '../../api/events';
import { type JobRecord, mayFollow } from '../../api/job';
import type { Problem } from '../../api/problem';

/** The jobs as they are known here, put together from events and from the answers to what was done. */
export class JobList {
  private jobs: readonly JobRecord[] = [];
  private unread: readonly string[] = [];
  private noticed: readonly Problem[] = [];

  /** Newest first. */
  get all(): readonly JobRecord[] {
    return this.jobs;
  }

  /** The ids of jobs whose records cannot be read. */
  get unreadable(): readonly string[] {
    return this.unread;
  }

  /** What a person is to be told that no job says. */
  get notices(): readonly Problem[] {
    return this.noticed;
  }

  /** The person has seen it. */
  forgetNotices(): void {
    this.noticed = [];
  }

  find(id: string): JobRecord | undefined {
    return this.jobs.find(job => job.id === id);
  }

  hear(event: JobEvent): void {
    switch (event.type) {
      case 'jobs':
        this.jobs = event.jobs.toSorted(newestFirst);
        this.unread = [...new Set(event.unreadable)];
        this.noticed = event.notices ?? [];
        return;
      case 'job':
        this.put(event.job);
        return;
      case 'unreadable':
        this.remove(event.id);
        this.unread = [...this.unread, event.id];
        return;
      case 'removed':
        this.remove(event.id);
        return;
      case 'questions':
        return;
      default:
        event satisfies never;
    }
  }

  /** Puts a job in, unless it is an older word: answers and events come on different ways, and may cross. */
  put(job: JobRecord): void {
    const known = this.find(job.id);
    if (known !== undefined && known.state !== job.state && !mayFollow(known.state, job.state)) {
      return;
    }
    this.jobs =
      known === undefined
        ? [job, ...this.jobs].toSorted(newestFirst)
        : this.jobs.map(other => (other.id === job.id ? job : other));
    this.unread = this.unread.filter(other => other !== job.id);
  }

  remove(id: string): void {
    this.jobs = this.jobs.filter(job => job.id !== id);
    this.unread = this.unread.filter(other => other !== id);
  }
}

function newestFirst(one: JobRecord, other: JobRecord): number {
  return other.createdAt - one.createdAt;
}
