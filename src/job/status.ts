import { readSchedulerId } from '../api/bounds';
import { type JobRecord, type JobState, isTerminal, mayFollow } from '../api/job';
import type { Cause } from '../api/causes';
import { FILES } from '../api/jobDirectory';
import { joinNotes } from '../api/notes';
import type { JobEnd, QueueEntry, Scheduler } from '../schedulers/scheduler';
import { type Bare, explain } from './endCause';
import {
  type Knowing,
  type Memory,
  type Observation,
  learned,
  needsWord,
  withAsks
} from './observation';
import { startOf } from './ourClock';

/** How long a verdict that may be explained waits for the scheduler's word, in seconds. */
const WORD_SECONDS = 30;

/** The fields of a record that follow from looks at the cluster. */
export type StatusChange = Partial<
  Pick<
    JobRecord,
    'state' | 'startedAt' | 'endedAt' | 'schedulerId' | 'queue' | 'progress' | 'cause' | 'notes'
  >
>;

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
    const notes = isUnread(known, seen) ? joinNotes(now.notes, [UNREAD]) : now.notes;
    return { change: { ...facts, ...end, notes }, memory: known };
  }
  return isLost
    ? { change: {}, memory: known }
    : { change: { ...facts, ...stateOf(now, seen, known) }, memory: known };
}

const UNREAD = { code: 'verdict-unreadable' } as const;

/** Whether the job has said how it ended, and nobody can read it. */
function isUnread({ exit }: Memory, { unreadable }: Observation): boolean {
  return exit === null && unreadable.includes(FILES.exit);
}

/** What the look tells beside the state. */
function factsOf(record: JobRecord, { exit, started, progress, queue }: Observation): StatusChange {
  return {
    startedAt: startOf(record, started, progress),
    schedulerId: record.schedulerId ?? (started && readSchedulerId(started.schedulerId)),
    notes: joinNotes(record.notes, joinNotes(progress?.notes ?? [], exit?.notes ?? [])),
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
  { absence, records }: Knowing
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
    return records !== null && needsWord(record, exit.file) && !isSettled
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
  // Of a job that never began, and was to end, no files are on their way.
  const isWithdrawn = record.cancelRequestedAt !== null && record.state === 'queued';
  const patience = absence.confirmSeconds + (isWithdrawn ? 0 : absence.filesSeconds);
  return !isLate && queue === 'absent' && absentSince !== null && at - absentSince >= patience
    ? ended(record, gone(absentSince, absence), null)
    : null;
}

/** The end of a job of which nothing is left but that it is gone, and since when. */
function gone(endedAt: number, { meansKilled }: Scheduler['absence']): Bare {
  return meansKilled
    ? { state: 'failed', cause: { code: 'killed', signal: null }, endedAt, ranSeconds: null }
    : { state: 'lost', cause: { code: 'no-word' }, endedAt, ranSeconds: null };
}

/** The end of a job that left no exit.json, by the scheduler's word on its script. */
function withoutFile({ at, how, signal, status }: JobEnd, since: number): Bare {
  const endedAt = at ?? since;
  if (how !== 'failed') {
    return { state: 'lost', cause: { code: 'no-word' }, endedAt, ranSeconds: null };
  }
  return status === null
    ? { state: 'failed', cause: { code: 'killed', signal }, endedAt, ranSeconds: null }
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
    cause: withLine(why?.cause ?? bare.cause, record),
    endedAt: bare.endedAt,
    queue: null
  };
}

/** What is missing after an environment line has failed is missing for that, as a rule. */
function withLine(cause: Cause | null, { notes }: JobRecord): Cause | null {
  const note = notes.find(({ code }) => code === 'environment-failed');
  return cause?.code === 'environment' && note?.code === 'environment-failed'
    ? { ...cause, after: { line: note.line, text: note.text } }
    : cause;
}
