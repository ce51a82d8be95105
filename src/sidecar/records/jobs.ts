import type { JobEvent } from '../../api/events';
import { type JobRecord, isTerminal } from '../../api/job';
import { type Problem, ProblemError, problem } from '../../api/problem';
import type { HereFile, LeftFile } from '../../api/resultFiles';
import { FILES_PAGE, type FilesAnswer, type FilesOf } from '../../api/routes';
import type { Log } from '../process/log';
import { type Change, changed, unrecordable } from './recordable';
import type { NamesChange, Store, PendingSubmission } from './store';

/** All jobs, as they are now: the store's records in memory, and word of each change to whoever listens. */
export class Jobs {
  private readonly records: Map<string, JobRecord>;
  private readonly unread: Set<string>;
  private readonly listeners = new Set<(event: JobEvent) => void>();

  constructor(
    private readonly store: Store,
    private readonly log: Pick<Log, 'error'>
  ) {
    this.records = new Map(store.all().map(record => [record.id, record]));
    this.unread = new Set(store.unreadable());
  }

  /** A word for what belongs to these jobs' records, wherever it is. */
  get mark(): string {
    return this.store.mark;
  }

  /** Newest first. */
  list(): JobRecord[] {
    return [...this.records.values()].reverse();
  }

  /** The ids of jobs whose records cannot be read: another version may be able to. */
  unreadable(): string[] {
    return [...this.unread];
  }

  find(id: string): JobRecord | undefined {
    return this.records.get(id);
  }

  /** The job of this id; throws the problem `no-such-job` or `job-unreadable`. */
  get(id: string): JobRecord {
    const record = this.records.get(id);
    if (!record) {
      throw problem(this.unread.has(id) ? 'job-unreadable' : 'no-such-job', { id });
    }
    return record;
  }

  /**
   * Records a new job; the one that is there when the id was used before. Throws the problem `not-kept` for a record that
   * could not be read back.
   */
  add(
    record: JobRecord,
    submission: PendingSubmission | null
  ): { record: JobRecord; isNew: boolean } {
    const why = unrecordable(record);
    if (why !== null) {
      throw new ProblemError(why);
    }
    if (!this.store.add(record, submission)) {
      return { record: this.get(record.id), isNew: false };
    }
    this.records.set(record.id, record);
    this.tell({ type: 'job', job: record });
    return { record, isNew: true };
  }

  /**
   * Changes a job, and the names of its result's files with it, on disk first. A change that changes nothing is neither
   * written nor told. What could not be read back is not kept, and said in the record.
   */
  update(id: string, change: Change, names?: NamesChange): JobRecord {
    const before = this.get(id);
    const after = this.after(before, change);
    if (after !== before || names !== undefined) {
      this.store.save(after, names);
    }
    if (after !== before) {
      this.records.set(id, after);
      this.tell({ type: 'job', job: after });
    }
    return after;
  }

  /**
   * Changes what is worth showing and not worth a disk write: it is known again within seconds of a restart.
   */
  show(
    id: string,
    change: Partial<Pick<JobRecord, 'state' | 'step' | 'queue' | 'progress' | 'contact'>>
  ): void {
    const before = this.get(id);
    const after = this.after(before, change);
    if (after !== before) {
      this.records.set(id, after);
      this.tell({ type: 'job', job: after });
    }
  }

  /** A page of the names of a result's files. */
  files(id: string, of: FilesOf, from: number, limit: number): FilesAnswer {
    const { files, left } = this.get(id).result;
    const page = this.store.files(id, of, from, limit);
    const next = from + page.length;
    const { count } = of === 'here' ? files : left;
    return { files: page, next: page.length > 0 && next < count ? next : null };
  }

  /** All of them, one by one. */
  *allFiles(id: string, of: FilesOf): Generator<HereFile & LeftFile> {
    for (let from: number | null = 0; from !== null;) {
      const page: FilesAnswer = this.files(id, of, from, FILES_PAGE);
      yield* page.files;
      from = page.next;
    }
  }

  submission(id: string): PendingSubmission | null {
    return this.store.submission(id);
  }

  forgetSubmission(id: string): void {
    this.store.forgetSubmission(id);
  }

  remove(id: string): void {
    this.store.remove(id);
    this.records.delete(id);
    this.unread.delete(id);
    this.tell({ type: 'removed', id });
  }

  /** Calls `listener` with every change until the returned function is called. */
  listen(listener: (event: JobEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The record after a change; the one before where nothing has changed. */
  private after(before: JobRecord, change: Change): JobRecord {
    if (isSame(before, { ...before, ...change })) {
      return before;
    }
    const { lost, record } = changed(before, change);
    if (lost !== null) {
      this.log.error({ job: before.id, problem: lost }, 'not kept');
    }
    const after = lost === null ? record : withProblem(record, lost);
    return isSame(before, after) ? before : after;
  }

  private tell(event: JobEvent): void {
    for (const listener of this.listeners) {
      listener(event);
    }
  }
}

function isSame(one: JobRecord, other: JobRecord): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Says it where a person looks: what is in the way of hearing of a job, or of its result once it is over. */
function withProblem(record: JobRecord, why: Problem): JobRecord {
  const { contact, result, state } = record;
  return isTerminal(state)
    ? { ...record, result: { ...result, problem: result.problem ?? why } }
    : { ...record, contact: { ...contact, problem: contact.problem ?? why } };
}
