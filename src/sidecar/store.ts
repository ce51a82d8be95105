import type { JobRecord } from '../api/job';
import type { Problem } from '../api/problem';

/** What a submission needs until it is confirmed, and nobody afterwards. */
export interface Submission {
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
  /** Adds a job before its first effect; false when there is one with this id already. */
  add(record: JobRecord, submission: Submission): boolean;
  save(record: JobRecord): void;
  submission(id: string): Submission | null;
  /** Forgets what only the submission needed: the caller's environment holds secrets. */
  forgetSubmission(id: string): void;
  remove(id: string): void;
  close(): void;
}
