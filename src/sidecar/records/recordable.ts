import * as v from 'valibot';
import { JobRecord } from '../../api/job';
import { type Problem, problem } from '../../api/problem';

/** A change of a record. */
export type Change = Partial<Omit<JobRecord, 'id'>>;

/**
 * A record after a change, as it will be read back. A part of the change that could not be read back is left as it was, and
 * named: a record that is written and that nobody can read would be a lost job.
 *
 * @returns the record, and what could not be kept of the change; null when all of it is.
 */
export function changed(
  before: JobRecord,
  change: Change
): { record: JobRecord; lost: Problem | null } {
  const read = v.safeParse(JobRecord, { ...before, ...change });
  if (read.success) {
    return { record: read.output, lost: null };
  }
  const wrong = new Set(read.issues.map(partOf));
  const kept = Object.entries(change).filter(([part]) => !wrong.has(part));
  return {
    record: v.parse(JobRecord, { ...before, ...Object.fromEntries(kept) }),
    lost: notKept(read.issues)
  };
}

/** What keeps a new record from being read back; null when nothing does. */
export function unrecordable(record: JobRecord): Problem | null {
  const read = v.safeParse(JobRecord, record);
  return read.success ? null : notKept(read.issues);
}

type Issues = readonly v.InferIssue<typeof JobRecord>[];

function notKept(issues: Issues): Problem {
  const parts = [...new Set(issues.map(partOf))].join(', ');
  const output = issues.map(issue => `${v.getDotPath(issue)}: ${issue.message}`).join('\n');
  return problem('not-kept', { parts }, { details: { output } }).problem;
}

function partOf(issue: Issues[number]): string {
  return String(issue.path?.[0].key);
}
