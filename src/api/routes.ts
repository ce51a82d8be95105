import * as v from 'valibot';
import { AnyCluster } from './cluster';
import { AnyJob, JobId } from './job';
import { KeptJobSpec } from './jobSpec';
import { Notes } from './notes';
import { AnyProblem } from './problem';
import { ChosenProfile } from './profile';
import { PROTOCOL, noticesOf } from './protocol';
import { AnyQuestions } from './question';
import { readRecords } from './readRecords';
import { AnyLeftFile, HereFile } from './resultFiles';

/** Every path of the sidecar, relative to its root. */
export const ROUTES = {
  ping: '/api/ping',
  quit: '/api/quit',
  clusters: '/api/clusters',
  clusterCheck: '/api/clusters/check',
  recover: '/api/clusters/recover',
  check: '/api/check',
  events: '/api/events',
  noticesTold: '/api/notices/told',
  question: (id: string) => `/api/questions/${id}`,
  jobs: '/api/jobs',
  job: (id: string) => `/api/jobs/${id}`,
  cancel: (id: string) => `/api/jobs/${id}/cancel`,
  fetch: (id: string) => `/api/jobs/${id}/fetch`,
  refresh: (id: string) => `/api/jobs/${id}/refresh`,
  files: (id: string) => `/api/jobs/${id}/files`,
  script: (id: string) => `/api/jobs/${id}/script`,
  log: (id: string) => `/api/jobs/${id}/log`
} as const;

/** GET ping. */
export const Pong = v.object({
  name: v.literal('jupyterlab-submit'),
  version: v.string(),
  protocol: v.number(),
  pid: v.number()
});

/** Environment variables of a caller: a job on This machine runs with them, logins use their agents. */
const Environment = v.record(
  v.pipe(v.string(), v.minLength(1)),
  v.pipe(
    v.string(),
    // A process cannot be started with one.
    v.check(value => !value.includes('\0'))
  )
);

/** Who calls. A terminal says it itself; for a browser the Jupyter server does. */
export const Caller = v.strictObject({
  /** The interpreter that Jupyter runs with: it starts the runner on This machine. */
  python: v.string(),
  environment: v.optional(Environment, {}),
  /** Names of the kernels that Jupyter has; null where nobody knows all of them. */
  kernels: v.optional(v.nullable(v.array(v.string())), null),
  /** The person's settings, with the administrator's counted in; untrusted until `readSettings` has read them. */
  settings: v.optional(v.unknown())
});
export type Caller = v.InferInput<typeof Caller>;

/** Whether there is a person who answers what a host asks; then the request waits for that. */
const Asks = v.optional(v.boolean(), false);

/** Whether a person has asked for just this, so that a host that has refused us is asked again. */
const Insists = v.optional(v.boolean(), false);

/** POST check, and PUT job: a form, and the caller that it comes from. */
export const SubmitRequest = v.strictObject({
  /** A job form; untrusted until `parseJobSpec` has read it. */
  form: v.unknown(),
  caller: Caller,
  insists: Insists,
  asks: Asks
});
export type SubmitRequest = v.InferInput<typeof SubmitRequest>;

/** POST clusters. */
export const ClustersRequest = v.strictObject({ caller: Caller });

/**
 * POST clusters/check: a part of a job form, because what it says of Python and queue counts for its jobs; untrusted until
 * the sidecar has read it.
 */
export const ClusterCheckRequest = v.strictObject({
  form: v.unknown(),
  caller: Caller,
  insists: Insists,
  asks: Asks
});
export type ClusterCheckRequest = v.InferInput<typeof ClusterCheckRequest>;

/** POST recover: the cluster whose job directories are looked through; `all`: jobs from other machines, too. */
export const RecoverRequest = v.strictObject({
  cluster: v.string(),
  all: v.optional(v.boolean(), false),
  caller: Caller,
  asks: Asks
});

/** What was found there. */
export const RecoverAnswer = v.object({
  /** Jobs whose records were made again. */
  recovered: v.array(
    v.object({
      id: JobId,
      /** Whether only the job directory is known: an earlier version submitted it. */
      isBare: v.boolean(),
      /** Whether the folder of its notebook is here. */
      hasSource: v.boolean()
    })
  ),
  /** How many have a record. */
  known: v.number(),
  /** How many were never in the queue. */
  notSubmitted: v.number(),
  /** How many belong to another account there. */
  foreign: v.number(),
  /** The names of the machines that others were submitted from, and how many these are. */
  elsewhere: v.object({ jobs: v.number(), machines: v.array(v.string()) }),
  /** The ids of those that cannot be read. */
  unreadable: v.array(v.string()),
  /** Archives of jobs that waited for their turn on this machine, and were never sent: who asked for what is not known. */
  waited: v.optional(v.array(v.string()), []),
  /** Whether there are more than were looked at. */
  isCut: v.boolean()
});
export type RecoverAnswer = v.InferOutput<typeof RecoverAnswer>;

/** A file that goes along, and why. */
export const TakenFile = v.object({
  path: v.string(),
  bytes: v.number(),
  /** other: for what a newer service has a word. */
  why: v.fallback(
    v.picklist(['import', 'literal', 'run', 'listing', 'companion', 'asked', 'other']),
    'other'
  )
});
export type TakenFile = v.InferOutput<typeof TakenFile>;

/** What the check of a form tells: everything that submitting it would do, and nothing done yet. */
export const CheckAnswer = v.object({
  spec: KeptJobSpec,
  cluster: AnyCluster,
  /** The whole script, as it would be submitted. */
  script: v.string(),
  files: v.array(TakenFile),
  /** Text of literals that name files outside the notebook's folder, which are not taken along. */
  notTaken: v.array(v.object({ literal: v.string(), cell: v.number() })),
  /** What was not looked into, so that files may be missing above: cells and modules that are too large, folders with too many files. */
  skipped: v.array(
    v.object({
      cell: v.nullable(v.number()),
      file: v.nullable(v.string()),
      named: v.nullable(v.string())
    })
  ),
  /** Engines that will be started: 0 when nothing in the notebook uses ipyparallel. */
  engines: v.number(),
  /** Whether they are the ranks of one MPI world: the notebook, or a module of its own, uses MPI. */
  mpi: v.boolean(),
  /** The site profile that counts, as people see it. */
  profile: v.optional(v.nullable(v.string()), null),
  /** What else is known before the job runs, and a person has to know. */
  notes: Notes
});
export type CheckAnswer = v.InferOutput<typeof CheckAnswer>;

/** A cluster to choose, and what is filled in for it. */
export const ClusterChoice = v.object({
  name: v.string(),
  title: v.string(),
  /** The host to log in to; null: the machine that the sidecar runs on. */
  host: v.nullable(v.string()),
  /** null when its settings are not right, for `problem`; null without one for a host that nobody has been on yet. */
  cluster: v.nullable(AnyCluster),
  problem: v.nullable(AnyProblem),
  /** A part of a job form: what counts for the fields that a person leaves alone. */
  defaults: v.record(v.string(), v.unknown()),
  /** The fields of a job form that mean something to its scheduler, without those that its site refuses. */
  fields: v.array(v.string()),
  /** What its site asks of jobs; null where no profile counts, and for one of a newer service. */
  profile: v.optional(v.fallback(v.nullable(ChosenProfile), null), null),
  /** Why what the cluster says of itself does not count. */
  siteProblem: v.optional(v.nullable(AnyProblem), null),
  /** How many cores it has, where that is known. */
  cores: v.nullable(v.number())
});
export type ClusterChoice = v.InferOutput<typeof ClusterChoice>;

/** POST clusters: all that can be chosen, This machine last; `problem` is one of the settings as a whole. */
export const ClustersAnswer = v.object({
  clusters: v.array(ClusterChoice),
  problem: v.nullable(AnyProblem)
});
export type ClustersAnswer = v.InferOutput<typeof ClustersAnswer>;

/** Ids of jobs whose records could not be read, on either side. */
const Unreadable = v.optional(v.array(v.string()), []);

/** GET jobs: newest first, and what logins ask. A record that cannot be read here is one of `unreadable`, and keeps no other back. */
export const JobsAnswer = v.pipe(
  v.object({
    jobs: v.array(v.unknown()),
    unreadable: Unreadable,
    /** What a person has to be told beside the jobs, until it is said that it was. */
    notices: v.optional(v.array(AnyProblem), []),
    questions: v.optional(AnyQuestions, []),
    protocol: v.optional(v.number(), PROTOCOL)
  }),
  v.transform(({ jobs, notices, protocol, questions, unreadable }) => {
    const read = readRecords(jobs);
    return {
      questions,
      jobs: read.jobs,
      unreadable: [...unreadable, ...read.unreadable],
      notices: [...notices, ...noticesOf(protocol)]
    };
  })
);

/** POST question. */
export const AnsweredAnswer = v.object({});

/** POST noticesTold. */
export const NoticesAnswer = v.object({});

/** PUT job, GET job, POST cancel, POST fetch, POST refresh. */
export const JobAnswer = v.object({ job: AnyJob });

/** POST fetch: where to, when not beside the source; which of the files that were left, when not all. */
export const FetchRequest = v.strictObject({
  place: v.optional(v.string()),
  files: v.optional(v.array(v.string()))
});
export type FetchRequest = v.InferInput<typeof FetchRequest>;

/** Which of a result's files: those in the files folder, or those that were left on the cluster. */
export const FILES_OF = ['here', 'left'] as const;
export type FilesOf = (typeof FILES_OF)[number];

/** How many files a page of names has at most. */
export const FILES_PAGE = 1000;

/** GET files?of=&from=&limit=: names from the one numbered `from`, and where to go on; null: there are no more. */
export const FilesAnswer = v.object({
  files: v.array(v.object({ ...HereFile.entries, ...AnyLeftFile.entries })),
  next: v.nullable(v.number())
});
export type FilesAnswer = v.InferOutput<typeof FilesAnswer>;

/** GET script. */
export const ScriptAnswer = v.object({ script: v.string() });

/** The logs of a job by name; `job` is what the script and everything without a log of its own printed. */
export const LOGS = ['job', 'runner', 'controller', 'engines', 'kernel'] as const;

/** One of `LOGS`, that of a single engine (`engine-0`), or what a cell printed that was too much for the notebook (`cell-1`). */
export const LogName = v.pipe(v.string(), v.check(isLogName));

/** Whether there can be a log of this name. */
export function isLogName(name: string): boolean {
  return LOGS.some(log => log === name) || /^(engine|cell)-\d{1,6}$/.test(name);
}

/** GET log?name=&from=: text from byte `from`, at most 1 MB, and where to go on. */
export const LogAnswer = v.object({ text: v.string(), next: v.number(), size: v.number() });
export type LogAnswer = v.InferOutput<typeof LogAnswer>;

/** DELETE job. */
export const RemoveAnswer = v.object({ id: JobId });
