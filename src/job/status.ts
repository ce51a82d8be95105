import type { Cause } from '../api/causes';
import { SYMPTOMS } from '../api/causes';
import { type JobRecord, type JobState, isTerminal, mayFollow } from '../api/job';
import type { ExitFile, ProgressFile, StartedFile } from '../api/runFiles';
import type { JobEnd, QueueEntry, Scheduler } from '../schedulers/scheduler';

/** What one look at the cluster showed of a job; files that are missing or not valid are null. */
export interface Observation {
  /** When, in seconds since 1970. */
  at: number;
  started: StartedFile | null;
  progress: ProgressFile | null;
  exit: ExitFile | null;
  /** The job in the queue; 'absent' only after a successful answer without it; 'unknown' when nobody could tell. */
  queue: QueueEntry | 'absent' | 'unknown';
  /** How it ended, by the scheduler's own records; 'nothing' where they do not know it. */
  past: JobEnd | 'nothing' | 'unasked';
}

/** What the next look needs to know of the ones before. Times are in seconds since 1970. */
export interface Memory {
  /** Since when successful queue answers have lacked the job; null while they have it. */
  absentSince: number | null;
  /** The scheduler's word on how it ended, and since when: schedulers forget. */
  over: { end: JobEnd; since: number } | null;
  /** The job's own verdict, and since when, while the scheduler may still explain it. */
  exit: { file: ExitFile; since: number } | null;
  /** How often the scheduler's own records were asked, and when they are to be asked again; null: there is no need. */
  asks: number;
  askAt: number | null;
}

/** What is known of a job before the first look. */
export const NOTHING: Memory = { absentSince: null, over: null, exit: null, asks: 0, askAt: null };

/** What a decision needs to know of the scheduler. */
export type Knowing = Pick<Scheduler, 'absence' | 'pastArgv'>;

/**
 * How long a verdict waits for the scheduler's word, in seconds, and how often that is asked for, whatever it is needed
 * for: at once, and then after 2, 4, 8, ... seconds.
 */
const WORD_SECONDS = 30;
const MOST_ASKS = 7;

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
 * late, and what is unknown changes nothing. Where the job's own verdict is only a symptom, or where it left none, the
 * scheduler's word on its end explains it. A job that is over stays as it is, but for a verdict on a lost one.
 */
export function nextStatus(
  record: JobRecord,
  memory: Memory,
  seen: Observation,
  scheduler: Knowing
): { change: StatusChange; memory: Memory } {
  const isLost = record.state === 'lost';
  if (isTerminal(record.state) && !isLost) {
    return { change: {}, memory };
  }
  const facts = factsOf(record, seen);
  const now = { ...record, ...facts };
  const known = withAsks(now, learned(memory, seen), seen, scheduler);
  const end = verdict(now, known, seen, scheduler);
  if (end !== null) {
    return { change: { ...facts, ...end }, memory: known };
  }
  return isLost
    ? { change: {}, memory: known }
    : { change: { ...facts, ...stateOf(now, seen, known) }, memory: known };
}

/** Fresh progress counts as being there: files decide, and a queue may be wrong. */
function learned(memory: Memory, { at, exit, past, progress, queue }: Observation): Memory {
  const end = endOf(memory, past, queue);
  return {
    ...memory,
    absentSince: absentSinceOf(memory, { at, progress, queue }),
    over: end && { end, since: progress ? at : (memory.over?.since ?? at) },
    exit: exit ? { file: exit, since: memory.exit?.since ?? at } : memory.exit,
    asks: past === 'unasked' ? memory.asks : memory.asks + 1
  };
}

function absentSinceOf(
  { absentSince }: Memory,
  { at, progress, queue }: Pick<Observation, 'at' | 'progress' | 'queue'>
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

/**
 * The records tell more than the queue, which says of a job that is being cleared away that it is there. A queue that has
 * the job again, as after a restart by the site, tells more still.
 */
function endOf(
  { over }: Memory,
  past: Observation['past'],
  queue: Observation['queue']
): JobEnd | null {
  if (typeof queue === 'object' && queue.end === null) {
    return typeof past === 'object' && queue.state === 'running' ? past : null;
  }
  const inQueue = typeof queue === 'object' ? queue.end : null;
  return typeof past === 'object' ? past : (over?.end ?? inQueue);
}

/** When the scheduler's records are to be asked next: only for what they may tell, ever more rarely, and not for ever. */
function withAsks(
  record: JobRecord,
  known: Memory,
  { at, past }: Observation,
  { absence, pastArgv }: Knowing
): Memory {
  const { absentSince, askAt, asks, exit, over } = known;
  const isAbsent = absentSince !== null && at - absentSince >= absence.confirmSeconds;
  const isNeeded =
    over !== null
      ? asks === 0 && !isWhole(over.end)
      : exit === null
        ? isAbsent
        : needsWord(record, exit.file);
  if (pastArgv === null || !isNeeded || asks >= MOST_ASKS) {
    return { ...known, askAt: null };
  }
  const nextAt = asks === 0 ? at : at + 2 ** asks;
  return { ...known, askAt: past === 'unasked' ? (askAt ?? nextAt) : nextAt };
}

/** Whether the records could not add anything to what the queue says. */
function isWhole({ by, how, signal, status }: JobEnd): boolean {
  switch (how) {
    case 'cancelled':
      return by !== null;
    case 'failed':
      return signal !== null || status !== null;
    default:
      return true;
  }
}

/** Whether the scheduler may know better why it ended than the job does. */
function needsWord(record: JobRecord, { cause, endedAt }: ExitFile): boolean {
  return isOpen(cause) && !isOurCancel(record, cause, endedAt);
}

/** What the look tells beside the state. */
function factsOf(record: JobRecord, { started, progress, queue }: Observation): StatusChange {
  return {
    startedAt: started?.startedAt ?? record.startedAt,
    schedulerId: record.schedulerId ?? started?.schedulerId ?? null,
    progress: progress ? { engines: progress.engines, cell: progress.cell } : record.progress,
    queue:
      typeof queue === 'object' && queue.state !== 'over'
        ? { reason: queue.reason, wait: queue.wait, estimatedStart: queue.estimatedStart }
        : record.queue
  };
}

/** What the queue's word shows of a job without files. */
const SHOWN_BY_QUEUE: Record<QueueEntry['state'], JobState | null> = {
  queued: 'queued',
  running: 'starting',
  unknown: null,
  over: null
};

/** The state that files or queue show; a job that no longer waits has nothing more to say about the queue. */
function stateOf(
  record: JobRecord,
  { started, progress, queue }: Observation,
  { exit }: Memory
): StatusChange {
  const inQueue = typeof queue === 'object' ? SHOWN_BY_QUEUE[queue.state] : null;
  const inFiles = exit ? 'finishing' : (progress?.phase ?? (started ? 'starting' : null));
  const shown = inFiles ?? inQueue;
  const state = shown !== null && mayFollow(record.state, shown) ? shown : record.state;
  return state === 'queued' ? { state } : { state, queue: null };
}

/** The end of the job, if it is time to tell it. */
function verdict(
  record: JobRecord,
  known: Memory,
  seen: Observation,
  { absence, pastArgv }: Knowing
): StatusChange | null {
  const { absentSince, exit, over } = known;
  const { at, queue } = seen;
  // A look on somebody's demand, long after the end: what there is now is all.
  const isLate = record.state === 'lost';
  const isAsking = known.askAt !== null && !isLate;
  if (exit) {
    const isRestarted = typeof queue === 'object' && queue.state === 'queued';
    const isSettled =
      (over !== null && !isAsking) || isRestarted || isLate || at - exit.since >= WORD_SECONDS;
    return pastArgv !== null && needsWord(record, exit.file) && !isSettled
      ? null
      : ended(record, exit.file, over?.end ?? null, isRestarted);
  }
  if (over) {
    const hasRun = over.end.hasRun || record.startedAt !== null || record.progress !== null;
    const isTime = !hasRun || isLate || at - over.since >= absence.filesSeconds;
    return isTime && !isAsking && !(isLate && over.end.how === 'completed')
      ? ended(record, withoutFile(over.end, over.since), over.end)
      : null;
  }
  const patience = absence.confirmSeconds + absence.filesSeconds;
  return !isLate && queue === 'absent' && absentSince !== null && at - absentSince >= patience
    ? ended(record, gone(absentSince, absence), null)
    : null;
}

/** A verdict before anything explains it; 'lost' is one that only the sidecar comes to. */
interface Bare {
  state: JobState;
  cause: Cause | null;
  endedAt: number;
}

/** The end of a job of which nothing is left but that it is gone, and since when. */
function gone(endedAt: number, { meansKilled }: Scheduler['absence']): Bare {
  return meansKilled
    ? { state: 'failed', cause: { code: 'killed', signal: null }, endedAt }
    : { state: 'lost', cause: { code: 'no-word' }, endedAt };
}

/** The end of a job that left no exit.json, by the scheduler's word on its script. */
function withoutFile({ at, how, signal, status }: JobEnd, since: number): Bare {
  const endedAt = at ?? since;
  if (how !== 'failed') {
    return { state: 'lost', cause: { code: 'no-word' }, endedAt };
  }
  return status === null
    ? { state: 'failed', cause: { code: 'killed', signal }, endedAt }
    : { state: 'failed', cause: { code: 'ended-early', status }, endedAt };
}

function ended(
  record: JobRecord,
  bare: Bare,
  end: JobEnd | null,
  isRestarted = false
): StatusChange {
  const why = explain(record, bare, end, isRestarted);
  return {
    state: why?.state ?? bare.state,
    cause: why?.cause ?? bare.cause,
    endedAt: bare.endedAt,
    queue: null
  };
}

/**
 * What is known beside the files and explains a death: our own cancel, the scheduler's word, and the time that was
 * asked for. The runner ends a run ten seconds before its limit, so what dies at the limit dies of it.
 */
function explain(
  record: JobRecord,
  { cause, endedAt }: Bare,
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
  if (startedAt !== null && endedAt >= startedAt + spec.timeSeconds - CLOCK_SECONDS) {
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
function isOurCancel(
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
function isOpen(cause: Cause | null): boolean {
  return (
    cause !== null &&
    (SYMPTOMS.includes(cause.code) || cause.code === 'no-word' || isEndedBySomebody(cause))
  );
}

function isEndedBySomebody(cause: Cause | null): boolean {
  return cause?.code === 'cancelled' && cause.by === 'unknown';
}
