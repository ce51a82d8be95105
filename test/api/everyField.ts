import type { JobForm } from '../../src/api/jobSpec';

/** A form in which every field is filled in, with what is right and not usual. */
export const EVERY_FIELD = {
  notebook: "/data/été 2026/it's $HOME; `x`\\.ipynb",
  cluster: 'hpc',
  cores: 64,
  time: '2-12:00:00',
  memoryPerCore: '1.5G',
  nodes: 8,
  enginesPerNode: 4,
  coresPerEngine: 2,
  startEngines: 'always',
  mpi: 'on',
  launcher: '/opt/site/mpirun_rsh -np {engines} MV2_SMP=1',
  queue: 'long,main',
  parallelEnvironment: 'mpi-16',
  account: 'phys-2026',
  qos: 'high',
  reservation: 'r_1',
  constraint: '[skylake|icelake]&ssd',
  gpusPerNode: 2,
  gpuType: 'nvidia_h100.80gb-x',
  name: 'night_run-1.2',
  email: 'ada@example.org',
  files: ['data/*.csv', '!data/old.csv', "it's a $file;"],
  exclude: ['*.tmp'],
  findFiles: false,
  environment: ['module load python; source "$HOME/env/bin/activate"'],
  python: '/opt/my python/bin/python3',
  resultsFolder: '~/my results/2026',
  directives: ['--mail-type=END'],
  allowErrors: true,
  allowLostEngines: true
} satisfies Required<JobForm>;

/** Text fields, and a value with `evil` in its midst. */
export const TEXT_FIELDS: [keyof JobForm, (evil: string) => unknown][] = [
  ['notebook', evil => `/work/a${evil}b.ipynb`],
  ['cluster', evil => `a${evil}b`],
  ['time', evil => `2${evil}h`],
  ['memoryPerCore', evil => `4${evil}x${evil}G`],
  ['launcher', evil => `a${evil}b`],
  ['queue', evil => `a${evil}b`],
  ['parallelEnvironment', evil => `a${evil}b`],
  ['account', evil => `a${evil}b`],
  ['qos', evil => `a${evil}b`],
  ['reservation', evil => `a${evil}b`],
  ['constraint', evil => `a${evil}b`],
  ['gpuType', evil => `a${evil}b`],
  ['name', evil => `a${evil}b`],
  ['email', evil => `a${evil}b@example.org`],
  ['files', evil => [`a${evil}b`]],
  ['exclude', evil => [`a${evil}b`]],
  ['environment', evil => [`a${evil}b`]],
  ['python', evil => `/opt/a${evil}b`],
  ['resultsFolder', evil => `a${evil}b`],
  ['directives', evil => [`a${evil}b`]]
];

/** Fields that are quoted as a whole wherever they are used: paths, patterns, shell lines, verbatim directives. */
export const QUOTED = new Set<keyof JobForm>([
  'notebook',
  'files',
  'exclude',
  'environment',
  'python',
  'resultsFolder',
  'directives'
]);
