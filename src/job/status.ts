import type { Cause } from '../api/causes';
import { SYMPTOMS } from '../api/causes';
import { type JobRecord, type JobState, isTerminal, mayFollow } from '../api/job';
import type { ExitFile, ProgressFile, StartedFile } from '../api/runFiles';
import type { QueueEntry, Scheduler } from '../schedulers/scheduler';

/** What one look at the cluster showed of a job; files that are missing or not valid are null. */
export interface Observation {
  /** When, in seconds since 1970. */
  at: number;
  started: StartedFile | null;
  progress: ProgressFile | null;
  exit: ExitFile | null;
  /** The job in the queue; 'absent' only after a successful answer without it; 'unknown' when nobody could tell. */
  queue: QueueEntry | 'absent' | 'unknown';
}

/** What the next look needs to know of the ones before. */
export interface Memory {
  /** Since when successful queue answers have lacked the job, in seconds since 1970; null while they have it. */
  absentSince: number | null;
}

/** The fields of a record that follow from looks at the cluster. */
export type StatusChange = Partial<
  Pick<
    JobRecord,
    'state' | 'startedAt' | 'endedAt' | 'schedulerId' | 'queue' | 'progress' | 'cause'
  >
>;

/**
 * Decides what one look at the cluster means. The job's own files decide; the queue is a hint; absence is believed
 * late, and what is unknown changes nothing.
 */
export function nextStatus(
  record: JobRecord,
  memory: Memory,
  seen: Observation,
  absence: Scheduler['absence']
): { change: StatusChange; memory: Memory } {
  const facts = factsOf(record, seen);
  if (seen.exit) {
    return { change: { ...facts, ...verdict(record, seen.exit, facts.startedAt) }, memory };
  }
  const absentSince =
    seen.queue === 'unknown'
      ? memory.absentSince
      : seen.queue === 'absent'
        ? (memory.absentSince ?? seen.at)
        : null;
  const given =
    absentSince !== null &&
    seen.at - absentSince >= absence.confirmSeconds + absence.filesSeconds &&
    !isTerminal(record.state);
  if (given) {
    return {
      change: { ...facts, ...silentEnd(record, seen.at, absence, facts.startedAt) },
      memory: { absentSince }
    };
  }
  return { change: { ...facts, ...stateOf(record, seen) }, memory: { absentSince } };
}

function factsOf(record: JobRecord, { started, progress, queue }: Observation): StatusChange {
  return {
    startedAt: started?.startedAt ?? record.startedAt,
    schedulerId: record.schedulerId ?? started?.schedulerId ?? null,
    progress: progress ? { engines: progress.engines, cell: progress.cell } : record.progress,
    queue:
      typeof queue === 'object' && queue.state === 'queued'
        ? { reason: queue.reason, estimatedStart: queue.estimatedStart }
        : queue === 'unknown'
          ? record.queue
          : null
  };
}

function stateOf(record: JobRecord, { started, progress, queue }: Observation): StatusChange {
  const inQueue: JobState | null =
    typeof queue === 'object' ? (queue.state === 'running' ? 'starting' : 'queued') : null;
  const state = progress?.phase ?? (started ? 'starting' : inQueue);
  return state !== null && mayFollow(record.state, state) ? { state } : {};
}

function verdict(
  record: JobRecord,
  exit: ExitFile,
  startedAt: number | null | undefined
): StatusChange {
  if (!mayFollow(record.state, exit.state)) {
    return {};
  }
  const end = explain(record, exit.cause, exit.endedAt, startedAt ?? null);
  return {
    state: end?.state ?? exit.state,
    cause: end?.cause ?? exit.cause,
    endedAt: exit.endedAt,
    queue: null
  };
}

/** The end of a job of which nothing is left but that it is gone. */
function silentEnd(
  record: JobRecord,
  at: number,
  absence: Scheduler['absence'],
  startedAt: number | null | undefined
): StatusChange {
  const seen: Cause = absence.meansKilled ? { code: 'killed', signal: null } : { code: 'no-word' };
  const end = explain(record, seen, at, startedAt ?? null);
  const state = end?.state ?? (absence.meansKilled ? 'failed' : 'lost');
  return mayFollow(record.state, state)
    ? { state, cause: end?.cause ?? seen, endedAt: at, queue: null }
    : {};
}

/** What is known beside the files and explains a death: our own cancel, and the time that was asked for. */
function explain(
  record: JobRecord,
  cause: Cause | null,
  endedAt: number,
  startedAt: number | null
): { state: JobState; cause: Cause } | null {
  if (cause?.code === 'cancelled' && cause.by === 'unknown') {
    const by = record.cancelRequestedAt === null ? 'cluster' : 'you';
    return { state: 'cancelled', cause: { code: 'cancelled', by } };
  }
  if (cause === null || !(SYMPTOMS.includes(cause.code) || cause.code === 'no-word')) {
    return null;
  }
  if (record.cancelRequestedAt !== null && record.cancelRequestedAt <= endedAt) {
    return { state: 'cancelled', cause: { code: 'cancelled', by: 'you' } };
  }
  if (startedAt !== null && endedAt >= startedAt + record.spec.timeSeconds) {
    return {
      state: 'timed-out',
      cause: { code: 'time-limit', cell: record.progress?.cell?.index ?? null }
    };
  }
  return null;
}
