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

/** How far the clocks of two machines, and times in whole seconds, are trusted, in seconds. */
const CLOCK_SECONDS = 5;

/**
 * Decides what one look at the cluster means. The job's own files decide; the queue is a hint; absence is believed
 * late, and what is unknown changes nothing. A job that is over stays as it is, but for a verdict on a lost one.
 */
export function nextStatus(
  record: JobRecord,
  memory: Memory,
  seen: Observation,
  absence: Scheduler['absence']
): { change: StatusChange; memory: Memory } {
  if (isTerminal(record.state) && (record.state !== 'lost' || !seen.exit)) {
    return { change: {}, memory };
  }
  const facts = factsOf(record, seen);
  const now = { ...record, ...facts };
  if (seen.exit) {
    return { change: { ...facts, ...verdict(now, seen.exit) }, memory };
  }
  const absentSince = absentSinceOf(memory, seen);
  const patience = absence.confirmSeconds + absence.filesSeconds;
  const isGone =
    seen.queue === 'absent' && absentSince !== null && seen.at - absentSince >= patience;
  const end = isGone ? silentEnd(now, absentSince, absence) : stateOf(now, seen);
  return { change: { ...facts, ...end }, memory: { absentSince } };
}

/** Fresh progress counts as being there: files decide, and a queue may be wrong. */
function absentSinceOf(
  { absentSince }: Memory,
  { at, progress, queue }: Observation
): number | null {
  switch (queue) {
    case 'unknown':
      return absentSince;
    case 'absent':
      return progress ? at : (absentSince ?? at);
    default:
      return null;
  }
}

/** What the look tells beside the state. */
function factsOf(record: JobRecord, { started, progress, queue }: Observation): StatusChange {
  return {
    startedAt: started?.startedAt ?? record.startedAt,
    schedulerId: record.schedulerId ?? started?.schedulerId ?? null,
    progress: progress ? { engines: progress.engines, cell: progress.cell } : record.progress,
    queue:
      typeof queue === 'object'
        ? { reason: queue.reason, estimatedStart: queue.estimatedStart }
        : record.queue
  };
}

/** What the queue's word shows of a job without files. */
const SHOWN_BY_QUEUE: Record<QueueEntry['state'], JobState | null> = {
  queued: 'queued',
  running: 'starting',
  unknown: null
};

/** The state that files or queue show; a job that no longer waits has nothing more to say about the queue. */
function stateOf(record: JobRecord, { started, progress, queue }: Observation): StatusChange {
  const inQueue = typeof queue === 'object' ? SHOWN_BY_QUEUE[queue.state] : null;
  const shown = progress?.phase ?? (started ? 'starting' : inQueue);
  const state = shown !== null && mayFollow(record.state, shown) ? shown : record.state;
  return state === 'queued' ? { state } : { state, queue: null };
}

function verdict(record: JobRecord, exit: ExitFile): StatusChange {
  const end = explain(record, exit.cause, exit.endedAt);
  return {
    state: end?.state ?? exit.state,
    cause: end?.cause ?? exit.cause,
    endedAt: exit.endedAt,
    queue: null
  };
}

/** The end of a job of which nothing is left but that it is gone, and since when. */
function silentEnd(
  record: JobRecord,
  goneAt: number,
  { meansKilled }: Scheduler['absence']
): StatusChange {
  const seen: Cause = meansKilled ? { code: 'killed', signal: null } : { code: 'no-word' };
  const end = explain(record, seen, goneAt);
  return {
    state: end?.state ?? (meansKilled ? 'failed' : 'lost'),
    cause: end?.cause ?? seen,
    endedAt: goneAt,
    queue: null
  };
}

/**
 * What is known beside the files and explains a death: our own cancel, and the time that was asked for. The runner
 * ends a run ten seconds before its limit, so what dies at the limit dies of it.
 */
function explain(
  { cancelRequestedAt, startedAt, spec, progress }: JobRecord,
  cause: Cause | null,
  endedAt: number
): { state: JobState; cause: Cause } | null {
  const isEnded = cause?.code === 'cancelled' && cause.by === 'unknown';
  if (cause === null || !(isEnded || isSymptom(cause))) {
    return null;
  }
  if (cancelRequestedAt !== null && (isEnded || cancelRequestedAt <= endedAt + CLOCK_SECONDS)) {
    return { state: 'cancelled', cause: { code: 'cancelled', by: 'you' } };
  }
  if (startedAt !== null && endedAt >= startedAt + spec.timeSeconds - CLOCK_SECONDS) {
    return {
      state: 'timed-out',
      cause: { code: 'time-limit', cell: progress?.cell?.index ?? null }
    };
  }
  return isEnded ? { state: 'cancelled', cause: { code: 'cancelled', by: 'cluster' } } : null;
}

function isSymptom({ code }: Cause): boolean {
  return SYMPTOMS.includes(code) || code === 'no-word';
}
