import type { JobRecord } from '../../api/job';
import type { Problem } from '../../api/problem';
import type { HereFile, LeftFile } from '../../api/resultFiles';
import type { FilesOf } from '../../api/routes';

/** What a submission needs until it is confirmed, and nobody afterwards. */
export interface PendingSubmission {
  /** The caller's environment; a job on This machine runs with it. */
  environment: Record<string, string>;
  /** The notebook as it was when the person asked. */
  notebook: string;
  /** Files to take along, relative to the notebook's folder. */
  files: string[];
  /** Folders that have to be there although no file brings them, relative to the notebook's folder. */
  folders: string[];
  /** Engines to start. */
  engines: number;
  /** Whether they are MPI ranks. */
  mpi: boolean;
}

/** What changes in the names of a result's files. */
export interface NamesChange {
  /** Of all that was known nothing counts any more. */
  forget?: boolean;
  /** What has come, beside what had. */
  come?: readonly HereFile[];
  /** All that was left. */
  left?: readonly LeftFile[];
}

/**
 * The job records on disk. Each call is durable when it returns; it throws the problem `records-full`,
 * `records-unwritable` or `records-gone` when it cannot be.
 */
export interface Store {
  /** A word for what belongs to these records wherever it is: no other records have it. */
  readonly mark: string;
  /** What a person has to know of how they were found. */
  readonly notice: Problem | null;
  /** All records that can be read, oldest first. */
  all(): JobRecord[];
  /** The ids of the others: another version may be able to read them. */
  unreadable(): string[];
  /** Adds a job before its first effect, null for one that needs no more; false when there is one with this id already. */
  add(record: JobRecord, submission: PendingSubmission | null): boolean;
  /** Changes a record, and the names of its result's files in the same step. */
  save(record: JobRecord, names?: NamesChange): void;
  /** The names of a result's files, in the order in which they came, at most `limit` from the one numbered `from` on. */
  files(id: string, of: FilesOf, from: number, limit: number): (HereFile & LeftFile)[];
  submission(id: string): PendingSubmission | null;
  /** Forgets what only the submission needed: the caller's environment holds secrets. */
  forgetSubmission(id: string): void;
  remove(id: string): void;
  close(): void;
}
