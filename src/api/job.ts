import * as v from 'valibot';
import { count, byteCount, line, moment } from './bounds';
import { brief } from './brief';
import { AnyCause, Cause } from './causes';
import { AnyCluster, Cluster } from './cluster';
import { KeptJobSpec } from './jobSpec';
import { Notes } from './notes';
import { AnyProblem, Problem } from './problem';
import { AnyLeftFile, FilesHere, FilesLeft, NOTHING_LEFT, NO_FILES } from './resultFiles';
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

/** How far the run inside the job is, as its progress.json said last. */
export const Progress = v.object({
  engines: v.object({ ready: count, wanted: count }),
  /** The cell in work: its number among the code cells that are to run, from 1; null before the first. */
  cell: v.nullable(v.object({ index: count, total: count, startedAt: epoch }))
});
export type Progress = v.InferOutput<typeof Progress>;

/** What mostly is null. */
const unset = <S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema), null);

/** Where the result is. */
export const Result = v.object({
  /** none: nothing came of the job; pending: not over yet; kept: still in the job directory, for `problem`. */
  place: v.picklist(['pending', 'fetching', 'here', 'kept', 'none']),
  /** Absolute path of the executed notebook on the user's machine. */
  notebook: unset(v.string()),
  /** The length of that notebook when it was fetched: one of another length is a later one. */
  notebookBytes: v.optional(byteCount),
  /** Absolute path of the folder with the files that the job wrote; null while none were fetched. */
  folder: unset(v.string()),
  /** What is in `folder`. */
  files: v.optional(FilesHere, NO_FILES),
  /** What the job wrote and what was left on the cluster. */
  left: v.optional(FilesLeft, NOTHING_LEFT),
  problem: unset(Problem)
});
export type Result = v.InferOutput<typeof Result>;

/** What is done at the moment, to submit a job. */
const Step = v.object({
  name: v.picklist(['reading', 'sending', 'submitting', 'checking']),
  bytes: byteCount
});

/** What the scheduler says of a job that is queued. */
const Queue = v.object({
  /** In the scheduler's own word. */
  reason: v.nullable(line),
  /** The same as one of our codes; records of earlier versions have none. */
  wait: v.optional(v.nullable(v.picklist(WAIT_CODES)), null),
  estimatedStart: v.nullable(epoch),
  /** In the queue of this machine: 1 is next. */
  place: v.optional(count)
});

/** When the cluster of a job was last heard, and what is in the way since. */
const Contact = v.object({ seenAt: v.nullable(epoch), problem: v.nullable(Problem) });
const NO_CONTACT = { seenAt: null, problem: null };

const Entries = v.object({
  id: JobId,
  spec: KeptJobSpec,
  /** The cluster as it was resolved at submission. */
  cluster: Cluster,
  state: v.picklist(STATES),
  createdAt: epoch,
  submittedAt: unset(epoch),
  startedAt: unset(epoch),
  endedAt: unset(epoch),
  /** When the sidecar saw that it had ended; records of earlier versions do not say. */
  endSeenAt: unset(epoch),
  /** The scheduler's own id of the job. */
  schedulerId: unset(line),
  /** Absolute path of the job directory, on the cluster; empty for the usual one in a record that is written. */
  directory: v.optional(v.string(), ''),
  /** A digest of the code that was submitted, which the result's is compared with; records of earlier versions have none. */
  codeDigest: v.optional(v.nullable(line), null),
  /** Absolute path of the folder that the result goes to, on the user's machine; absent: that of its source. */
  resultsFolder: v.optional(v.string()),
  /** While preparing: what is done at the moment. */
  step: unset(Step),
  /** While queued: what the scheduler says. */
  queue: unset(Queue),
  progress: unset(Progress),
  cause: unset(Cause),
  /** What else a person has to know of it; records of earlier versions have none. */
  notes: v.optional(Notes, []),
  /** Beside the state: when the cluster was last heard, and what is in the way since. */
  contact: v.optional(Contact, NO_CONTACT),
  cancelRequestedAt: unset(epoch),
  result: Result,
  /** Whether the job directory has been removed, as its time was over. */
  isSwept: v.optional(v.boolean(), false),
  /** Whether the record was lost, and made again from the job directory: what a cluster may not tell is not in its spec. */
  isRecovered: v.optional(v.boolean()),
  /** Whether what it is sent with was kept, as it waits for its turn: nothing else may be sent in its place. */
  isKept: v.optional(v.boolean()),
  /** What the notebook names and what was not taken along, to be said again where it matters. */
  notTaken: v.optional(v.array(v.string()), [])
});

/** What is known of a job. */
export const JobRecord = v.pipe(Entries, v.transform(withDirectory));
export type JobRecord = v.InferOutput<typeof JobRecord>;

/**
 * The same as a newer service may say it. What it has a word for that is not known here keeps that word, where a person sees
 * it, and takes no job out of the list. A state that is not known is not read: what a job is, nobody may guess.
 */
export const AnyJob = v.pipe(
  v.object({
    ...Entries.entries,
    cluster: AnyCluster,
    step: v.fallback(unset(Step), null),
    queue: unset(
      v.pipe(
        v.object({ ...Queue.entries, wait: unset(line) }),
        v.transform(({ reason, wait, ...more }) => {
          const known = WAIT_CODES.find(code => code === wait) ?? null;
          return { ...more, reason: known === null ? (reason ?? wait) : reason, wait: known };
        })
      )
    ),
    cause: unset(AnyCause),
    contact: v.optional(
      v.object({ ...Contact.entries, problem: v.nullable(AnyProblem) }),
      NO_CONTACT
    ),
    result: v.object({
      ...Result.entries,
      left: v.optional(
        v.object({ ...FilesLeft.entries, some: v.array(AnyLeftFile) }),
        NOTHING_LEFT
      ),
      problem: unset(AnyProblem)
    })
  }),
  v.transform(withDirectory)
);

/** A record as it goes over the wire, and to the disk: without what reading it fills in again. */
export function briefJob(job: JobRecord): object {
  const directory = job.directory === usualDirectory(job) ? '' : job.directory;
  return brief(Entries, { ...job, directory });
}

function withDirectory<R extends { cluster: Cluster; directory: string; id: string }>(
  record: R
): R {
  return record.directory === '' ? { ...record, directory: usualDirectory(record) } : record;
}

/** As `jobDirectory` makes it. */
function usualDirectory({ cluster, id }: { cluster: Cluster; id: string }): string {
  return `${cluster.baseFolder}/${id}`;
}
