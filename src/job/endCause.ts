import { type Cause, SYMPTOMS } from '../api/causes';
import type { JobRecord, JobState } from '../api/job';
import type { JobEnd } from '../schedulers/scheduler';

/** How far the clocks of two machines, and times in whole seconds, are trusted, in seconds. */
const CLOCK_SECONDS = 5;

/** A verdict before anything explains it; 'lost' is one that only the sidecar comes to. */
export interface Bare {
  state: JobState;
  cause: Cause | null;
  endedAt: number;
  /** How long the job had run by then, where it counted; null where it left no word, so that nobody knows. */
  ranSeconds?: number | null | undefined;
}

/**
 * What is known beside the files and explains a death: our own cancel, the scheduler's word, and the time that was
 * asked for. The runner ends a run ten seconds before its limit, so what dies at the limit dies of it.
 */
export function explain(
  record: JobRecord,
  { cause, endedAt, ranSeconds }: Bare,
  end: JobEnd | null,
  isRestarted: boolean
): { state: JobState; cause: Cause } | null {
  const { progress, spec, startedAt } = record;
  if (!isOpen(cause)) {
    return null;
  }
  if (isOurCancel(record, cause, endedAt)) {
    return { state: 'cancelled', cause: { code: 'cancelled', by: 'you' } };
  }
  if (isRestarted) {
    return { state: 'failed', cause: { code: 'restarted' } };
  }
  const cell = progress?.cell?.index ?? null;
  const said = end && explainedBy(end, cell);
  if (said) {
    return said;
  }
  // Jobs of earlier versions did not count. Our own clock may have been set since the start.
  const counted = startedAt === null ? null : endedAt - startedAt;
  const ran = ranSeconds === undefined ? counted : ranSeconds;
  if (ran !== null && ran >= spec.timeSeconds - CLOCK_SECONDS) {
    return { state: 'timed-out', cause: { code: 'time-limit', cell } };
  }
  return isEndedBySomebody(cause)
    ? { state: 'cancelled', cause: { code: 'cancelled', by: 'cluster' } }
    : null;
}

/** What the scheduler's word explains; null where it knows no more than that the script has ended. */
function explainedBy(
  { by, how }: JobEnd,
  cell: number | null
): { state: JobState; cause: Cause } | null {
  switch (how) {
    case 'completed':
    case 'failed':
      return null;
    case 'cancelled':
      return { state: 'cancelled', cause: { code: 'cancelled', by: by ?? 'cluster' } };
    case 'timed-out':
      return { state: 'timed-out', cause: { code: 'time-limit', cell } };
    case 'deadline':
      return { state: 'timed-out', cause: { code: 'deadline' } };
    case 'out-of-memory':
      return { state: 'failed', cause: { code: 'out-of-memory', cell } };
    case 'node-failure':
      return { state: 'failed', cause: { code: 'node-failure' } };
    case 'preempted':
      return { state: 'failed', cause: { code: 'preempted' } };
    default:
      return how satisfies never;
  }
}

/** Whether a job died of our own cancel; a job that says that it was ended can only have been by that. */
export function isOurCancel(
  { cancelRequestedAt }: JobRecord,
  cause: Cause | null,
  endedAt: number
): boolean {
  return (
    cancelRequestedAt !== null &&
    (isEndedBySomebody(cause) || cancelRequestedAt <= endedAt + CLOCK_SECONDS)
  );
}

/** Whether a cause leaves open why the job ended. */
export function isOpen(cause: Cause | null): boolean {
  return (
    cause !== null &&
    (SYMPTOMS.includes(cause.code) || cause.code === 'no-word' || isEndedBySomebody(cause))
  );
}

function isEndedBySomebody(cause: Cause | null): boolean {
  return cause?.code === 'cancelled' && cause.by === 'unknown';
}
