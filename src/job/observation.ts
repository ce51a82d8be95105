import type { ExitFile, ProgressFile, StartedFile } from '../api/runFiles';
import type { JobRecord } from '../api/job';
import type { JobEnd, QueueEntry, Scheduler } from '../schedulers/scheduler';
import { isOpen, isOurCancel } from './endCause';

/** What one look at the cluster showed of a job; files that are missing or not valid are null. */
export interface Observation {
  /** When, in seconds since 1970. */
  at: number;
  started: StartedFile | null;
  progress: ProgressFile | null;
  exit: ExitFile | null;
  /** The names of those files that are there, and say nothing that can be read. */
  unreadable: readonly string[];
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

/** What is remembered, after the clock was set by so many seconds. */
export function moved(memory: Memory, seconds: number): Memory {
  const { absentSince, askAt, exit, over } = memory;
  return {
    ...memory,
    absentSince: absentSince === null ? null : absentSince + seconds,
    over: over && { ...over, since: over.since + seconds },
    exit: exit && { ...exit, since: exit.since + seconds },
    askAt: askAt === null ? null : askAt + seconds
  };
}

/** What a decision needs to know of the scheduler. */
export type Knowing = Pick<Scheduler, 'absence' | 'records'>;

/**
 * How often the scheduler's word on an end is asked for, whatever it is needed for: at once, and then after 2, 4, 8, ...
 * seconds.
 */
const MOST_ASKS = 7;

/** What a look adds to what is known. Fresh progress counts as being there: files decide, and a queue may be wrong. */
export function learned(memory: Memory, { at, exit, past, progress, queue }: Observation): Memory {
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
export function withAsks(
  record: JobRecord,
  known: Memory,
  { at, past }: Observation,
  { absence, records }: Knowing
): Memory {
  const { absentSince, askAt, asks, exit, over } = known;
  const isAbsent = absentSince !== null && at - absentSince >= absence.confirmSeconds;
  const isNeeded =
    over !== null
      ? asks === 0 && !isWhole(over.end)
      : exit === null
        ? isAbsent
        : needsWord(record, exit.file);
  if (records === null || !isNeeded || asks >= MOST_ASKS) {
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
export function needsWord(record: JobRecord, { cause, endedAt }: ExitFile): boolean {
  return isOpen(cause) && !isOurCancel(record, cause, endedAt);
}
