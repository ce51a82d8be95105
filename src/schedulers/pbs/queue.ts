import type { QueueEntry } from '../scheduler';
import { type Codes, endOf } from './ends';
import { SHOW, type ShownJob, clockIn, momentOf, shownJobs } from './jobs';
import { waitOf } from './waits';

/**
 * All jobs of this user that have not ended, and in Torque those that have just done so. Of others none is asked for: what is in their variables
 * need not be read. What ended between the two questions (35, 153) is no failure.
 */
const STATUS = `${SHOW}
unset PBS_QSTAT_EXECONLY PBS_QSTAT_NO_COMPLETE
said=$(qselect -u "$(id -un)") || exit
[ -n "$said" ] || exit 0
mapfile -t ids <<<"$said"
qstat -f "\${ids[@]}" | show
case \${PIPESTATUS[0]} in
  0|35|153) ;;
  *) exit 1;;
esac`;

/** Prints all jobs of this user that the server knows. */
export function statusArgv(): string[] {
  return ['bash', '-c', STATUS, 'status'];
}

/** Our own id, at the start of the job's name. */
const OURS = /^([a-z][a-z0-9]{7})-/;

/** The longest reason that is kept, in characters. */
const LONGEST_REASON = 1000;

/**
 * What the letters of a state mean (pbs_job_attributes(7B), qstat(1B) of Torque): moved to another server is not here, and unknown.
 */
const STATES: Readonly<Record<string, QueueEntry['state']>> = {
  B: 'running',
  C: 'over',
  E: 'running',
  F: 'over',
  H: 'queued',
  Q: 'queued',
  R: 'running',
  S: 'running',
  T: 'queued',
  U: 'running',
  W: 'queued',
  X: 'over'
};

/** Reads what `statusArgv` printed. */
export function parseStatus(output: string, codes: Codes): QueueEntry[] {
  const clock = clockIn(output);
  return shownJobs(output).map(job => entry(job, codes, clock));
}

function entry(job: ShownJob, codes: Codes, clock: number | null): QueueEntry {
  const { id, values } = job;
  const letter = values.get('job_state') ?? '';
  const state = (Object.hasOwn(STATES, letter) ? STATES[letter] : null) ?? 'unknown';
  const isQueued = state === 'queued';
  return {
    schedulerId: id,
    jobId: OURS.exec(values.get('Job_Name') ?? '')?.[1] ?? null,
    state,
    end: endOf(job, codes, clock),
    reason: isQueued ? (values.get('comment')?.slice(0, LONGEST_REASON) ?? null) : null,
    wait: isQueued ? waitOf(letter, values) : null,
    estimatedStart: isQueued ? momentOf(values.get('estimated.start_time'), clock) : null
  };
}
