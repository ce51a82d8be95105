import type { JobEvent } from '../api/events';
import type { JobRecord } from '../api/job';
import { problem } from '../api/problem';
import type { Store, Submission } from './store';

/** All jobs, as they are now: the store's records in memory, and word of each change to whoever listens. */
export class Jobs {
  private readonly records: Map<string, JobRecord>;
  private readonly listeners = new Set<(event: JobEvent) => void>();

  constructor(private readonly store: Store) {
    this.records = new Map(store.all().map(record => [record.id, record]));
  }

  /** Newest first. */
  list(): JobRecord[] {
    return [...this.records.values()].reverse();
  }

  find(id: string): JobRecord | undefined {
    return this.records.get(id);
  }

  /** The job of this id; throws the problem `no-such-job`. */
  get(id: string): JobRecord {
    const record = this.records.get(id);
    if (!record) {
      throw problem('no-such-job', { id });
    }
    return record;
  }

  /** Records a new job; the one that is there when the id was used before. */
  add(record: JobRecord, submission: Submission): { record: JobRecord; isNew: boolean } {
    if (!this.store.add(record, submission)) {
      return { record: this.get(record.id), isNew: false };
    }
    this.records.set(record.id, record);
    this.tell({ type: 'job', job: record });
    return { record, isNew: true };
  }

  /** Changes a job, on disk first. A change that changes nothing is neither written nor told. */
  update(id: string, change: Partial<Omit<JobRecord, 'id'>>): JobRecord {
    const before = this.get(id);
    const after = { ...before, ...change };
    if (JSON.stringify(after) === JSON.stringify(before)) {
      return before;
    }
    this.store.save(after);
    this.records.set(id, after);
    this.tell({ type: 'job', job: after });
    return after;
  }

  /**
   * Changes what is worth showing and not worth a disk write: it is known again within seconds of a restart.
   */
  show(id: string, change: Partial<Pick<JobRecord, 'step' | 'progress' | 'contact'>>): void {
    const before = this.get(id);
    const after = { ...before, ...change };
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      this.records.set(id, after);
      this.tell({ type: 'job', job: after });
    }
  }

  submission(id: string): Submission | null {
    return this.store.submission(id);
  }

  forgetSubmission(id: string): void {
    this.store.forgetSubmission(id);
  }

  remove(id: string): void {
    this.store.remove(id);
    this.records.delete(id);
    this.tell({ type: 'removed', id });
  }

  /** Calls `listener` with every change until the returned function is called. */
  listen(listener: (event: JobEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(event: JobEvent): void {
    for (const listener of this.listeners) {
      listener(event);
    }
  }
}
