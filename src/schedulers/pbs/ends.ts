import type { JobEnd } from '../scheduler';
import { signalOf } from '../signalOf';
import { SHOW, type ShownJob, clockIn, momentOf, shownJobs } from './jobs';

/** What an exit status says that is no script's (job.h of OpenPBS, pbs_job.h of Torque); 'not-begun': the script was never run. */
export type Codes = Readonly<Record<number, JobEnd['how'] | 'not-begun'>>;
export const PBS_PRO_CODES: Codes = {
  [-1]: 'not-begun',
  [-2]: 'not-begun',
  [-10]: 'not-begun',
  [-13]: 'not-begun',
  [-21]: 'not-begun',
  [-23]: 'not-begun',
  [-26]: 'out-of-memory',
  [-27]: 'out-of-memory',
  [-29]: 'timed-out',
  [-30]: 'not-begun'
};
export const TORQUE_CODES: Codes = {
  [-1]: 'not-begun',
  [-2]: 'not-begun',
  [-8]: 'not-begun',
  [-9]: 'not-begun',
  [-10]: 'out-of-memory',
  [-11]: 'timed-out',
  // What it gives a job that somebody deletes (exit_code_canceled_job), whether it ran or not.
  271: 'cancelled'
};

/** Of a job that PBS Pro has ended at somebody's request. */
const TERMINATED = '91';

/** Asks for single jobs, in PBS Pro also for those that it keeps as its history; quiet about what nobody knows any more. */
export function pastArgv(options: readonly string[], schedulerIds: readonly string[]): string[] {
  const script = `${SHOW}
timeout 20 qstat ${options.join(' ')} "$@" 2>/dev/null | show
exit 0`;
  return ['bash', '-c', script, 'past', ...schedulerIds];
}

/** Reads what `pastArgv` prints: how these jobs ended, where they have. */
export function parsePast(output: string, codes: Codes): Map<string, JobEnd> {
  const clock = clockIn(output);
  return new Map(
    shownJobs(output).flatMap(job => {
      const end = endOf(job, codes, clock);
      return end === null ? [] : [[job.id, end] as const];
    })
  );
}

/** How a job ended; null where it has not: only F and X (PBS Pro) and C (Torque) are over. */
export function endOf({ values }: ShownJob, codes: Codes, clock: number | null): JobEnd | null {
  if (!/^[FXC]$/.test(values.get('job_state') ?? '')) {
    return null;
  }
  const code = readCode(values.get('Exit_status') ?? values.get('exit_status'));
  const isTerminated = values.get('substate') === TERMINATED;
  const end: JobEnd = {
    how: 'failed',
    hasRun: ['exec_host', 'session_id', 'stime', 'start_time'].some(name => values.has(name)),
    at: momentOf(values.get('obittime') ?? values.get('comp_time') ?? values.get('mtime'), clock),
    status: null,
    signal: null,
    by: isTerminated ? terminatedBy(values) : null
  };
  if (isTerminated) {
    return { ...end, how: 'cancelled' };
  }
  if (code === null) {
    return end;
  }
  const how = codes[code];
  if (how === 'not-begun') {
    return { ...end, hasRun: false };
  }
  // The others below 0 say what went wrong around the job's script.
  if (how !== undefined || code < 0) {
    return { ...end, how: how ?? 'failed' };
  }
  // A shell says 128 and a signal, PBS itself 256 and a signal.
  const signal = signalOf(code) ?? signalOf(code, 256);
  return signal === null
    ? { ...end, how: code === 0 ? 'completed' : 'failed', status: code }
    : { ...end, signal };
}

function readCode(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,5}$/.test(text) ? Number(text) : null;
}

/** `Job run at ... and terminated by ada@login1`, of a job of `ada@login1`. */
function terminatedBy(values: ReadonlyMap<string, string>): JobEnd['by'] {
  const user = /terminated by ([^@\s]+)(?:@|$)/.exec(values.get('comment') ?? '')?.[1];
  const owner = values.get('Job_Owner')?.split('@')[0];
  return user === undefined || owner === undefined
    ? null
    : user === owner
      ? 'account'
      : 'administrator';
}
