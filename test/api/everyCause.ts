import type { Cause, CauseCode } from '../../src/api/causes';

/** An example of each cause; a new code does not compile until it has one. */
const EXAMPLES: { [Code in CauseCode]: Extract<Cause, { code: Code }> } = {
  'cell-error': {
    code: 'cell-error',
    cell: 12,
    ename: 'ModuleNotFoundError',
    evalue: "No module named 'torch'"
  },
  'kernel-died': { code: 'kernel-died', cell: 3, signal: 9 },
  'engines-never-came': { code: 'engines-never-came', ready: 3, wanted: 8, log: 'no module\n' },
  mpi: {
    code: 'mpi',
    engines: 4,
    library: 'Open MPI 5.0.11',
    tried: ['srun --mpi=pmix: ended with exit code 1', 'srun --mpi=pmi2: 4 times rank 0 of 1'],
    fix: '',
    log: 'MPI rank 0 of 1\n'
  },
  'engines-lost': { code: 'engines-lost', engines: [2, 5], cell: 4, log: 'Killed\n' },
  environment: {
    code: 'environment',
    module: 'ipyparallel',
    python: '/opt/env/bin/python',
    fix: '/opt/env/bin/python -m pip install ipyparallel'
  },
  'kernel-missing': {
    code: 'kernel-missing',
    kernel: 'ir',
    language: 'R',
    kernels: ['julia-1.9', 'python3']
  },
  'notebook-invalid': { code: 'notebook-invalid', text: 'Expecting value' },
  'time-limit': { code: 'time-limit', cell: 9 },
  deadline: { code: 'deadline' },
  cancelled: { code: 'cancelled', by: 'you' },
  'out-of-memory': { code: 'out-of-memory', cell: 5 },
  'node-failure': { code: 'node-failure' },
  preempted: { code: 'preempted' },
  killed: { code: 'killed', signal: 9 },
  'ended-early': { code: 'ended-early', status: 3 },
  restarted: { code: 'restarted' },
  'no-room': { code: 'no-room', lacks: 'quota', folder: '/home/ada', text: 'Disk quota exceeded' },
  'not-sent': { code: 'not-sent', text: 'No space left on device' },
  refused: { code: 'refused', reason: 'queue', text: 'sbatch: error: invalid partition' },
  'submission-unclear': { code: 'submission-unclear' },
  unknown: { code: 'unknown', word: 'of-the-future' },
  'no-word': { code: 'no-word' }
};

/** The same with everything that may be unknown unknown. */
const SPARSE: Cause[] = [
  { code: 'cell-error', cell: 1, ename: 'KeyboardInterrupt', evalue: '' },
  { code: 'kernel-died', cell: null, signal: null },
  { code: 'engines-never-came', ready: 0, wanted: 1, log: '' },
  {
    code: 'mpi',
    engines: 2,
    library: '',
    tried: [],
    fix: '/opt/env/bin/python -m pip install mpich',
    log: ''
  },
  { code: 'engines-lost', engines: [0], cell: null, log: '' },
  { code: 'environment', module: 'python', python: '/opt/env/bin/python', fix: '' },
  {
    code: 'environment',
    module: 'ipyparallel',
    python: '/p',
    fix: "/p -m pip install -U 'ipyparallel>=8.2'",
    version: '7.1.0',
    oldest: '8.2'
  },
  {
    code: 'environment',
    module: 'nbclient',
    python: '/p',
    fix: '/p -m pip install -U nbclient IPython',
    error: "ModuleNotFoundError: No module named 'IPython.utils.daemonize'"
  },
  { code: 'time-limit', cell: null },
  { code: 'cancelled', by: 'account' },
  { code: 'cancelled', by: 'administrator' },
  { code: 'cancelled', by: 'cluster' },
  { code: 'cancelled', by: 'unknown' },
  { code: 'out-of-memory', cell: null },
  { code: 'refused', reason: null, text: 'something new' },
  { code: 'killed', signal: null }
];

export const CAUSES: readonly Cause[] = [...Object.values(EXAMPLES), ...SPARSE];
