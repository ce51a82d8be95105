import * as v from 'valibot';
import { byteCount, count, line, moment } from './bounds';
import { Cause } from './causes';
import { Cluster } from './cluster';
import { JobSpec } from './jobSpec';
import { Notes } from './notes';
import { Problem } from './problem';
import { WAIT_CODES } from './waiting';

/** The states of a job, in their order; the last five are terminal. States may be skipped and never go back. */
export const STATES = [
  'preparing',
  'queued',
  'starting',
  'running',
  'finishing',
  'succeeded',
  'failed',
  'timed-out',
  'cancelled',
  'lost'
] as const;
export type JobState = (typeof STATES)[number];

/** Whether a job in this state is over. */
export function isTerminal(state: JobState): boolean {
  return STATES.indexOf(state) >= STATES.indexOf('succeeded');
}

/**
 * Whether a job may go from one state to another: forward only, and out of a terminal state only from `lost` to a
 * verdict that was found later.
 */
export function mayFollow(from: JobState, to: JobState): boolean {
  if (from === 'lost') {
    return isTerminal(to);
  }
  return !isTerminal(from) && STATES.indexOf(to) >= STATES.indexOf(from);
}

/** A job id: 8 characters `[a-z0-9]`, a letter first. */
export const JobId = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9]{7}$/));

/** Makes a job id; `random` gives a number in [0, 1). */
export function newJobId(random: () => number): string {
  const pick = (from: string): string => from[Math.floor(random() * from.length)] ?? 'a';
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  return pick(letters) + Array.from({ length: 7 }, () => pick(`${letters}0123456789`)).join('');
}

/** Seconds since 1970, with fractions. */
const epoch = moment;

/** A file with its size in bytes; the path is relative, '/'-separated, and that of a folder ends with one. */
export const SizedFile = v.object({
  path: v.string(),
  bytes: byteCount,
  /** The cell whose output it is, by its number among those that ran. */
  cell: v.optional(count)
});
export type SizedFile = v.InferOutput<typeof SizedFile>;

/**
 * Why something that a job wrote is not here. not-fetched: what stands in `problem`; unreadable: its permissions; gone: removed while it was fetched; changed: shorter than it was, or another thing by then;
 * broken: an error of its disk; name: one that cannot be written here; no-links: this file system has none; link-target: a
 * link to something that is not here; link-broken, link-outside: a link to nothing, or out of the job's folder; special: a
 * pipe, a socket or a device.
 */
export const LEFT_REASONS = [
  'not-fetched',
  'unreadable',
  'gone',
  'changed',
  'broken',
  'name',
  'no-links',
  'link-target',
  'link-broken',
  'link-outside',
  'special',
  'elsewhere'
] as const;
export type LeftReason = (typeof LEFT_REASONS)[number];

/** Something that was left on the cluster; without a reason for its size alone: nobody has asked for it yet. */
export const LeftFile = v.object({
  ...SizedFile.entries,
  reason: v.optional(v.picklist(LEFT_REASONS))
});
export type LeftFile = v.InferOutput<typeof LeftFile>;

/** Whether something would be lost with the job directory: what is gone holds nothing, nor does a pipe or a link. */
export function isLost({ reason }: LeftFile): boolean {
  return reason === undefined || !NOTHING_TO_LOSE.includes(reason);
}

const NOTHING_TO_LOSE: readonly LeftReason[] = [
  'gone',
  'no-links',
  'link-target',
  'link-broken',
  'link-outside',
  'special'
];

/** How far the run inside the job is, as its progress.json said last. */
export const Progress = v.object({
  engines: v.object({ ready: count, wanted: count }),
  /** The cell in work: its number among the code cells that are to run, from 1; null before the first. */
  cell: v.nullable(v.object({ index: count, total: count, startedAt: epoch }))
});
export type Progress = v.InferOutput<typeof Progress>;

/** Where the result is. */
export const Result = v.object({
  /** none: nothing came of the job; pending: not over yet; kept: still in the job directory, for `problem`. */
  place: v.picklist(['pending', 'fetching', 'here', 'kept', 'none']),
  /** Absolute path of the executed notebook on the user's machine. */
  notebook: v.nullable(v.string()),
  /** The length of that notebook when it was fetched: one of another length is a later one. */
  notebookBytes: v.optional(byteCount),
  /** Absolute path of the folder with the files that the job wrote; null while none were fetched. */
  folder: v.nullable(v.string()),
  /** Files, links and empty folders in `folder`; `from` is the name that the job gave where that was taken there. */
  files: v.array(v.object({ ...SizedFile.entries, from: v.optional(v.string()) })),
  /** What the job wrote and what was left on the cluster. */
  left: v.array(LeftFile),
  problem: v.nullable(Problem)
});
export type Result = v.InferOutput<typeof Result>;

/** What is known of a job. */
export const JobRecord = v.object({
  id: JobId,
  spec: JobSpec,
  /** The cluster as it was resolved at submission. */
  cluster: Cluster,
  state: v.picklist(STATES),
  createdAt: epoch,
  submittedAt: v.nullable(epoch),
  startedAt: v.nullable(epoch),
  endedAt: v.nullable(epoch),
  /** When the sidecar saw that it had ended; records of earlier versions do not say. */
  endSeenAt: v.optional(v.nullable(epoch), null),
  /** The scheduler's own id of the job. */
  schedulerId: v.nullable(line),
  /** Absolute path of the job directory, on the cluster. */
  directory: v.string(),
  /** While preparing: what is done at the moment. */
  step: v.nullable(
    v.object({
      name: v.picklist(['reading', 'sending', 'submitting', 'checking']),
      bytes: byteCount
    })
  ),
  /** While queued: what the scheduler says. */
  queue: v.nullable(
    v.object({
      /** In the scheduler's own word. */
      reason: v.nullable(line),
      /** The same as one of our codes; records of earlier versions have none. */
      wait: v.optional(v.nullable(v.picklist(WAIT_CODES)), null),
      estimatedStart: v.nullable(epoch)
    })
  ),
  progress: v.nullable(Progress),
  cause: v.nullable(Cause),
  /** What else a person has to know of it; records of earlier versions have none. */
  notes: v.optional(Notes, []),
  /** Beside the state: when the cluster was last heard, and what is in the way since. */
  contact: v.object({ seenAt: v.nullable(epoch), problem: v.nullable(Problem) }),
  cancelRequestedAt: v.nullable(epoch),
  result: Result,
  /** Whether the job directory has been removed, as its time was over. */
  isSwept: v.optional(v.boolean(), false),
  /** What the notebook names and what was not taken along, to be said again where it matters. */
  notTaken: v.array(v.string())
});
export type JobRecord = v.InferOutput<typeof JobRecord>;
