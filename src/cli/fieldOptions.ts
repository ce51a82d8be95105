import { BUILT_IN_DEFAULTS } from '../api/defaults';
import type { JobForm } from '../api/jobSpec';

/** How a field of the job form is written on the command line. */
export interface FieldOption {
  /** As commander reads it; '' for the notebook, which is an argument. */
  flags: string;
  help: string;
  /** list: may be given more than once. off: a switch that turns off what is on. */
  kind: 'number' | 'text' | 'list' | 'on' | 'off';
  group: 'main' | 'engines' | 'queue' | 'files' | 'environment';
}

/** What is asked for when neither the command line nor the settings say anything. */
const { cores, time } = BUILT_IN_DEFAULTS;

/** Every field of the form, in the order of --help. */
export const FIELD_OPTIONS = {
  notebook: { flags: '', help: '', kind: 'text', group: 'main' },
  cluster: {
    flags: '--cluster <name>',
    help: 'where to run; see `jupyter submit clusters` (default: local, which is this machine)',
    kind: 'text',
    group: 'main'
  },
  cores: {
    flags: '--cores <number>',
    help: `cores in all; one engine each (default: ${cores})`,
    kind: 'number',
    group: 'main'
  },
  time: {
    flags: '--time <time>',
    help: `the most that it may take: 90m, 2h, 1h30m, 48:00:00, 2-12:00:00 (default: ${time})`,
    kind: 'text',
    group: 'main'
  },
  memoryPerCore: {
    flags: '--memory-per-core <amount>',
    help: 'memory for each core: 2G, 500M',
    kind: 'text',
    group: 'main'
  },
  name: {
    flags: '--name <name>',
    help: 'name of the job (default: that of the notebook)',
    kind: 'text',
    group: 'main'
  },
  allowErrors: {
    flags: '--allow-errors',
    help: 'go on after a cell that fails',
    kind: 'on',
    group: 'main'
  },
  files: {
    flags: '--file <glob>',
    help: 'take these files along too; may be given more than once',
    kind: 'list',
    group: 'files'
  },
  exclude: {
    flags: '--exclude <glob>',
    help: 'leave these files out; may be given more than once',
    kind: 'list',
    group: 'files'
  },
  findFiles: {
    flags: '--no-find-files',
    help: 'take along only what --file says, not what the notebook is found to use',
    kind: 'off',
    group: 'files'
  },
  environment: {
    flags: '--environment <line>',
    help: 'shell line that runs first, such as "module load python"; may be given more than once',
    kind: 'list',
    group: 'environment'
  },
  python: {
    flags: '--python <path>',
    help: 'the Python that runs the notebook and its engines',
    kind: 'text',
    group: 'environment'
  },
  coresPerEngine: {
    flags: '--cores-per-engine <number>',
    help: 'cores of one engine (default: 1)',
    kind: 'number',
    group: 'engines'
  },
  startEngines: {
    flags: '--engines <when>',
    help: 'auto: when the notebook uses ipyparallel; always: also when only a package of yours does; never',
    kind: 'text',
    group: 'engines'
  },
  nodes: {
    flags: '--nodes <number>',
    help: 'nodes to spread over',
    kind: 'number',
    group: 'engines'
  },
  enginesPerNode: {
    flags: '--engines-per-node <number>',
    help: 'engines on each node',
    kind: 'number',
    group: 'engines'
  },
  gpusPerNode: {
    flags: '--gpus-per-node <number>',
    help: 'GPUs on each node',
    kind: 'number',
    group: 'engines'
  },
  queue: {
    flags: '--queue <name>',
    help: 'queue or partition',
    kind: 'text',
    group: 'queue'
  },
  account: {
    flags: '--account <name>',
    help: 'account or project to charge',
    kind: 'text',
    group: 'queue'
  },
  qos: { flags: '--qos <name>', help: 'quality of service', kind: 'text', group: 'queue' },
  reservation: {
    flags: '--reservation <name>',
    help: 'reservation to use',
    kind: 'text',
    group: 'queue'
  },
  constraint: {
    flags: '--constraint <features>',
    help: 'features that nodes must have',
    kind: 'text',
    group: 'queue'
  },
  email: {
    flags: '--email <address>',
    help: 'where the cluster writes to at start and end',
    kind: 'text',
    group: 'queue'
  },
  directives: {
    flags: '--directive <line>',
    help: 'line for the batch system as it is; may be given more than once',
    kind: 'list',
    group: 'queue'
  }
} as const satisfies Record<keyof JobForm, FieldOption>;

/** A field's problem is told by the name that the person typed: `time` is `--time`, `files.1` the second `--file`. */
export function flagOf(field: string): string {
  const [name = '', index] = field.split('.');
  if (name === 'notebook') {
    return 'NOTEBOOK';
  }
  const flag = isField(name) ? (FIELD_OPTIONS[name].flags.split(' ')[0] ?? name) : name;
  return index === undefined ? flag : `${flag} (number ${Number(index) + 1})`;
}

function isField(name: string): name is keyof JobForm {
  return Object.hasOwn(FIELD_OPTIONS, name);
}
