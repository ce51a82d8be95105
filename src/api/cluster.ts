import * as v from 'valibot';
import { finite } from './bounds';
import { absolutePath, line, name } from './text';
import { TRANSPORTS } from './transport';

/** The batch systems that a cluster may name. */
export const SCHEDULERS = ['local', 'slurm', 'gridengine', 'pbspro', 'torque', 'lsf'] as const;
export type SchedulerName = (typeof SCHEDULERS)[number];

/** What their makers call them; no batch system has no name. */
export const SCHEDULER_TITLES: Record<SchedulerName, string> = {
  local: '',
  slurm: 'Slurm',
  gridengine: 'Grid Engine',
  pbspro: 'PBS Pro',
  torque: 'Torque',
  lsf: 'LSF'
};

/** The reserved name of the cluster that is always there. */
export const THIS_MACHINE = 'local';

/** How many days a job directory stays when nobody says anything: long enough to look into its logs. */
export const KEEP_DAYS = 30;

/** The options by which Slurm takes the GPUs of a node; older ones, and some sites, know the second alone. */
export const GPU_OPTIONS = ['gpus-per-node', 'gres'] as const;
export type GpuOption = (typeof GPU_OPTIONS)[number];

/** A cluster as it is resolved for one job: everything that a job record must keep to finish without the settings. */
export const Cluster = v.object({
  name,
  title: line(128),
  /** The host to log in to, as `ssh` takes it; null: the machine that the sidecar runs on. */
  host: v.optional(v.nullable(line(255)), null),
  /** What connections to the host are made with. */
  transport: v.optional(v.picklist(TRANSPORTS), 'auto'),
  /** Another host, with the same files, that job files are sent to and fetched from; null: `host`. */
  transferHost: v.optional(v.nullable(line(255)), null),
  scheduler: v.picklist(SCHEDULERS),
  /** The folder, on the cluster, in which job directories are made. */
  baseFolder: absolutePath,
  /** The interpreter that the runner is started with; null: `python3` as the environment lines leave it. */
  python: v.nullable(absolutePath),
  /** Whether kernel and engines run in the Python of the notebook's own kernel (This machine), or in the runner's. */
  kernel: v.picklist(['notebook', 'environment']),
  /** Whether one Python a node imports what engines need and forks them; else each is a Python of its own. */
  forkEngines: v.optional(v.boolean(), true),
  /** How a batch system that has several words for it is asked for GPUs. */
  gpuOption: v.optional(v.picklist(GPU_OPTIONS), 'gpus-per-node'),
  /** The least time between two questions to the queue about jobs that wait and run, in seconds; 0: the batch system's own pace. */
  queueSeconds: v.optional(finite, 0),
  /** Shell lines of the site, before the job's own. */
  environment: v.optional(v.array(line(4096)), []),
  /** How many jobs run there at a time, where nothing else counts them; null: as many as its cores hold. */
  jobsAtOnce: v.optional(v.nullable(v.number()), null),
  /** Days after its end for which the job directory of a job stays whose result is home. */
  keepDays: v.optional(finite, KEEP_DAYS),
  /** Variables that commands on the cluster need and do not have by themselves, such as SLURM_CONF. */
  variables: v.optional(v.record(v.string(), v.string()), {})
});
export type Cluster = v.InferOutput<typeof Cluster>;

/**
 * The same as a newer service may say it. Nobody on this side goes by the batch system of a cluster, nor by its transport; the
 * check of one, which shows them, has their words.
 */
export const AnyCluster = v.object({
  ...Cluster.entries,
  scheduler: v.fallback(v.picklist(SCHEDULERS), 'local'),
  transport: v.fallback(Cluster.entries.transport, 'auto')
});
