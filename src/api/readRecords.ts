import * as v from 'valibot';
import { AnyJob, type JobRecord } from './job';

/** The records of a list that could be read, in its order, and the ids of the others. */
export interface ReadRecords {
  jobs: JobRecord[];
  unreadable: string[];
}

/** Stands for the id of a record in which not even that can be read. */
const NO_ID = '?';

/** Longer than any id of ours. */
const LONGEST_ID = 16;

/** Reads each record for itself, so that one that cannot be read takes none of the others along. */
export function readRecords(records: readonly unknown[]): ReadRecords {
  const jobs: JobRecord[] = [];
  const unreadable: string[] = [];
  for (const record of records) {
    const read = v.safeParse(AnyJob, record);
    if (read.success) {
      jobs.push(read.output);
    } else {
      unreadable.push(idOf(record));
    }
  }
  return { jobs, unreadable };
}

/** The id of something that may be a record. */
export function idOf(record: unknown): string {
  const id =
    typeof record === 'object' && record !== null && 'id' in record ? record.id : undefined;
  return typeof id === 'string' && id !== '' ? id.slice(0, LONGEST_ID) : NO_ID;
}
