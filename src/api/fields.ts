import * as v from 'valibot';
import {
  choice,
  constraint,
  count,
  duration,
  email,
  flag,
  gpuType,
  jobName,
  launcher,
  lines,
  memory,
  notebook,
  patterns,
  queue,
  resultsFolder
} from './fieldSchemas';
import { absolutePath, name } from './text';
import type { Translator } from './translation';

/** What a field holds: a whole number, text, text of several lines, patterns, yes and no, or one of a few choices. */
export type FieldKind = 'count' | 'text' | 'lines' | 'patterns' | 'flag' | 'choice';

/** Which fields belong together, in the panel and in --help; `top` is always in sight. */
export type FieldGroup = 'top' | 'engines' | 'queue' | 'environment' | 'run' | 'files';

/** All that is to be said of a field of the job form. */
export interface Field {
  /** Reads what a person filled in, and gives what counts. */
  schema: v.GenericSchema;
  kind: FieldKind;
  group: FieldGroup;
  /** What it is called in the panel. */
  label: (trans: Translator) => string;
  /** Its option of the command line, as commander reads it; '' for the notebook, which is an argument. */
  flag: string;
  /** What --help says of it. */
  help: string;
  /** Of a choice: each value, and what it is called. */
  choices?: (trans: Translator) => Record<string, string>;
  /** A field that means something only to some batch systems: those whose adapter `supports` it. */
  needsScheduler?: true;
}

/** When engines start: where the notebook is seen to use ipyparallel; always, for packages that use it unseen; never. */
export const START_ENGINES = ['auto', 'always', 'never'] as const;

/** Whether engines are MPI ranks: where the notebook is seen to use MPI; always, for packages that use it unseen; never. */
export const MPI_CHOICES = ['auto', 'on', 'off'] as const;

/**
 * Every field of the job form, in the order in which it is shown. Form, job spec, defaults, command line and panel are made of
 * this table; the schema of the settings and the user guide are compared with it.
 */
export const FIELDS = {
  notebook: {
    schema: notebook,
    kind: 'text',
    group: 'top',
    label: trans => trans.__('Notebook'),
    flag: '',
    help: ''
  },
  cluster: {
    schema: v.optional(name, 'local'),
    kind: 'text',
    group: 'top',
    label: trans => trans.__('Cluster'),
    flag: '--cluster <name>',
    help: 'where to run; see `jupyter submit clusters` (default: local, which is this machine)'
  },
  cores: {
    schema: count(1_000_000),
    kind: 'count',
    group: 'top',
    label: trans => trans.__('Cores'),
    flag: '--cores <number>',
    help: 'cores in all; one engine each (default: 2)'
  },
  time: {
    schema: duration,
    kind: 'text',
    group: 'top',
    label: trans => trans.__('Time'),
    flag: '--time <time>',
    help: 'the most that it may take: 90m, 2h, 1h30m, 48:00:00, 2-12:00:00 (default: 1h)'
  },
  coresPerEngine: {
    schema: v.optional(count(10_000), 1),
    kind: 'count',
    group: 'engines',
    label: trans => trans.__('Cores per engine'),
    flag: '--cores-per-engine <number>',
    help: 'cores of one engine (default: 1)',
    needsScheduler: true
  },
  startEngines: {
    schema: choice(START_ENGINES, 'auto'),
    kind: 'choice',
    group: 'engines',
    label: trans => trans.__('Start engines'),
    choices: trans =>
      ({
        auto: trans.__('when the notebook uses ipyparallel'),
        always: trans.__('always'),
        never: trans.__('never')
      }) satisfies Record<(typeof START_ENGINES)[number], string>,
    flag: '--engines <when>',
    help: 'auto: when the notebook uses ipyparallel; always: also when only a package of yours does; never'
  },
  mpi: {
    schema: choice(MPI_CHOICES, 'auto'),
    kind: 'choice',
    group: 'engines',
    label: trans => trans.__('MPI'),
    choices: trans =>
      ({
        auto: trans.__('when the notebook uses MPI'),
        on: trans.__('on'),
        off: trans.__('off')
      }) satisfies Record<(typeof MPI_CHOICES)[number], string>,
    flag: '--mpi <when>',
    help: 'engines as MPI ranks: auto: when the notebook uses MPI; on: also when only a package of yours does; off'
  },
  launcher: {
    schema: v.optional(launcher),
    kind: 'text',
    group: 'engines',
    label: trans => trans.__('MPI launcher'),
    flag: '--launcher <command>',
    help: "what starts MPI ranks: auto, srun, mpiexec, or the site's own, such as ibrun (default: auto)",
    needsScheduler: true
  },
  memoryPerCore: {
    schema: v.optional(memory),
    kind: 'text',
    group: 'engines',
    label: trans => trans.__('Memory per core'),
    flag: '--memory-per-core <amount>',
    help: 'memory for each core: 2G, 500M',
    needsScheduler: true
  },
  nodes: {
    schema: v.optional(count(100_000)),
    kind: 'count',
    group: 'engines',
    label: trans => trans.__('Nodes'),
    flag: '--nodes <number>',
    help: 'nodes to spread over',
    needsScheduler: true
  },
  enginesPerNode: {
    schema: v.optional(count(10_000)),
    kind: 'count',
    group: 'engines',
    label: trans => trans.__('Engines per node'),
    flag: '--engines-per-node <number>',
    help: 'engines on each node',
    needsScheduler: true
  },
  gpusPerNode: {
    schema: v.optional(count(1_000)),
    kind: 'count',
    group: 'engines',
    label: trans => trans.__('GPUs per node'),
    flag: '--gpus-per-node <number>',
    help: 'GPUs on each node',
    needsScheduler: true
  },
  gpuType: {
    schema: v.optional(gpuType),
    kind: 'text',
    group: 'engines',
    label: trans => trans.__('GPU type'),
    flag: '--gpu-type <type>',
    help: 'which GPUs, as the cluster calls them: a100',
    needsScheduler: true
  },
  queue: {
    schema: v.optional(queue),
    kind: 'text',
    group: 'queue',
    label: trans => trans.__('Queue'),
    flag: '--queue <name>',
    help: 'queue or partition',
    needsScheduler: true
  },
  parallelEnvironment: {
    schema: v.optional(name),
    kind: 'text',
    group: 'queue',
    label: trans => trans.__('Parallel environment'),
    flag: '--parallel-environment <name>',
    help: "Grid Engine's, for a job of more than one slot",
    needsScheduler: true
  },
  account: {
    schema: v.optional(name),
    kind: 'text',
    group: 'queue',
    label: trans => trans.__('Account'),
    flag: '--account <name>',
    help: 'account or project to charge',
    needsScheduler: true
  },
  qos: {
    schema: v.optional(name),
    kind: 'text',
    group: 'queue',
    label: trans => trans.__('QoS'),
    flag: '--qos <name>',
    help: 'quality of service',
    needsScheduler: true
  },
  reservation: {
    schema: v.optional(name),
    kind: 'text',
    group: 'queue',
    label: trans => trans.__('Reservation'),
    flag: '--reservation <name>',
    help: 'reservation to use',
    needsScheduler: true
  },
  constraint: {
    schema: v.optional(constraint),
    kind: 'text',
    group: 'queue',
    label: trans => trans.__('Constraint'),
    flag: '--constraint <features>',
    help: 'features that nodes must have',
    needsScheduler: true
  },
  directives: {
    schema: lines(1024),
    kind: 'lines',
    group: 'queue',
    label: trans => trans.__('Extra directives'),
    flag: '--directive <line>',
    help: 'line for the batch system as it is; may be given more than once',
    needsScheduler: true
  },
  environment: {
    schema: lines(4096),
    kind: 'lines',
    group: 'environment',
    label: trans => trans.__('Environment lines'),
    flag: '--environment <line>',
    help: 'shell line that runs first, such as "module load python"; may be given more than once'
  },
  python: {
    schema: v.optional(absolutePath),
    kind: 'text',
    group: 'environment',
    label: trans => trans.__('Python'),
    flag: '--python <path>',
    help: 'the Python that runs the notebook and its engines'
  },
  name: {
    schema: v.optional(jobName),
    kind: 'text',
    group: 'run',
    label: trans => trans.__('Job name'),
    flag: '--name <name>',
    help: 'name of the job (default: that of the notebook)'
  },
  email: {
    schema: v.optional(email),
    kind: 'text',
    group: 'run',
    label: trans => trans.__('E-mail'),
    flag: '--email <address>',
    help: 'where the cluster writes to at start and end',
    needsScheduler: true
  },
  resultsFolder: {
    schema: v.optional(resultsFolder),
    kind: 'text',
    group: 'run',
    label: trans => trans.__('Results folder'),
    flag: '--results-folder <folder>',
    help: "where the result goes: below the notebook's folder, or elsewhere by a full path or from ~ (default: beside it)"
  },
  allowErrors: {
    schema: flag(false),
    kind: 'flag',
    group: 'run',
    label: trans => trans.__('Go on after a failing cell'),
    flag: '--allow-errors',
    help: 'go on after a cell that fails'
  },
  allowLostEngines: {
    schema: flag(false),
    kind: 'flag',
    group: 'run',
    label: trans => trans.__('Go on without engines that die'),
    flag: '--allow-lost-engines',
    help: 'go on with the engines that are left when some die; not for MPI ranks'
  },
  files: {
    schema: patterns,
    kind: 'patterns',
    group: 'files',
    label: trans => trans.__('Files to take along'),
    flag: '--file <glob>',
    help: 'take these files along too; may be given more than once'
  },
  exclude: {
    schema: patterns,
    kind: 'patterns',
    group: 'files',
    label: trans => trans.__('Files to leave out'),
    flag: '--exclude <glob>',
    help: 'leave these files out; may be given more than once'
  },
  findFiles: {
    schema: flag(true),
    kind: 'flag',
    group: 'files',
    label: trans => trans.__('Find the files that the notebook needs'),
    flag: '--no-find-files',
    help: 'take along only what --file says, not what the notebook is found to use'
  }
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;

/** The names of all fields, in their order. */
export const FIELD_NAMES = Object.keys(FIELDS).filter(isField);

/** Whether this is the name of a field. */
export function isField(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}
