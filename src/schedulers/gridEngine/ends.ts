import { readStatus } from '../../api/bounds';
import type { JobEnd } from '../scheduler';
import { signalOf } from '../signalOf';

/** Asks the accounting for each job; a file of years that is read to its end must not hold up the rest of a look. */
const PAST = `for id; do timeout 20 qacct -j "$id"; done 2>/dev/null
exit 0`;

/** Prints how these jobs ended; nothing where a login node has no accounting. */
export function pastArgv(schedulerIds: readonly string[]): string[] {
  return ['bash', '-c', PAST, 'past', ...schedulerIds];
}

/** What `failed` says (sge_status(5)): the limit, an end that a signal brought, and what never came to the job's own script. */
const TIME_LIMIT = 37;
const BY_SIGNAL = 100;
const BEFORE_THE_JOB = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 21, 26, 27, 28, 29];

/** Its record is of a run that Grid Engine has begun anew. */
const RESCHEDULED = [24, 25];

/**
 * Reads what `pastArgv` prints: records below lines of `=`. A job that started processes on other hosts may have one for each of
 * these, and its own is the last.
 */
export function parsePast(output: string): Map<string, JobEnd> {
  const ends = new Map<string, JobEnd>();
  for (const record of output.split(/^=+$/m).slice(1)) {
    const value = (name: string): string | undefined =>
      new RegExp(`^${name} +(.*\\S)`, 'm').exec(record)?.[1];
    const id = /^[1-9]\d{0,18}$/.exec(value('jobnumber') ?? '')?.[0];
    // What comes after these: a record that was cut is none.
    const isWhole = value('exit_status') !== undefined && value('category') !== undefined;
    if (id !== undefined && isWhole) {
      const end = endOf(Number.parseInt(value('failed') ?? '', 10), value('exit_status') ?? '');
      if (end === null) {
        ends.delete(id);
      } else {
        ends.set(id, end);
      }
    }
  }
  return ends;
}

/** @param exit `3`, or `137                  (Killed)`. */
function endOf(failed: number, exit: string): JobEnd | null {
  if (RESCHEDULED.includes(failed)) {
    return null;
  }
  const status = readStatus(/^\d+/.exec(exit)?.[0] ?? '');
  const signal = signalOf(status);
  const rest = { at: null, by: null, hasRun: !BEFORE_THE_JOB.includes(failed) };
  if (failed === TIME_LIMIT) {
    return { ...rest, how: 'timed-out', status: null, signal };
  }
  return failed === 0 && status === 0
    ? { ...rest, how: 'completed', status, signal: null }
    : { ...rest, how: 'failed', status: failed === BY_SIGNAL ? null : status, signal };
}
