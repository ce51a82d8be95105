import { describe, expect, it } from 'vitest';
import type { Wait } from '../../../src/api/waiting';
import { AGENT_PBS_PRO, LAUNCH_PBS_PRO } from '../../../src/schedulers/pbs/launch';
import { pbsPro } from '../../../src/schedulers/pbs/pbsPro';
import { SUBMIT_PBS_PRO } from '../../../src/schedulers/pbs/submit';
import type { JobEnd, Launch, QueueEntry } from '../../../src/schedulers/scheduler';
import { batchJob } from '../batchJob';
import { schedulerSuite } from '../suite';

const DIRECTORY = '/home/ada/jobs/k3v9x2ab';
const submit = [
  'bash',
  '-c',
  SUBMIT_PBS_PRO,
  'submit',
  `${DIRECTORY}/script.sh`,
  `${DIRECTORY}/logs/job.log`
];
const always = ['-N', 'k3v9x2ab-decay', '-S', '/bin/bash', '-j', 'oe', '-r', 'n'];

const launch = (mpi: Launch['mpi']): Launch => ({
  argv: ['bash', '-c', LAUNCH_PBS_PRO, 'launch', '{directory}', '1'],
  rank: 'JUPYTERLAB_SUBMIT_RANK',
  nodes: {
    argv: ['bash', '-c', LAUNCH_PBS_PRO, 'launch', '{directory}', '0'],
    name: 'JUPYTERLAB_SUBMIT_HOST',
    engines: null,
    hosts: 'PBS_NODEFILE',
    cpus: null,
    bound: {},
    each: { rank: [], local: [], all: [], job: [] }
  },
  mpi
});
const MPIEXEC: Launch['mpi'] = {
  plugins: null,
  mpiexec: true,
  agent: { argv: ['bash', '-c', AGENT_PBS_PRO, 'agent', '{directory}'], hydra: true },
  own: null
};

const job = (
  schedulerId: string,
  jobId: string | null,
  state: QueueEntry['state'],
  more: Partial<QueueEntry> = {}
): QueueEntry => ({
  schedulerId,
  jobId,
  state,
  end: null,
  reason: null,
  wait: null,
  estimatedStart: null,
  ...more
});

/** When the jobs of the recording ended: 09:2x by a clock that is an hour ahead. */
const at = (minute: number): number => Date.UTC(2026, 10, 30, 8, minute) / 1000;
const end = (minute: number, how: JobEnd['how'], more: Partial<JobEnd> = {}): JobEnd => ({
  how,
  hasRun: true,
  at: at(minute),
  status: null,
  signal: null,
  by: null,
  ...more
});

schedulerSuite({
  scheduler: pbsPro,
  withoutDirectives: 'qsub has all of it on its command line',
  exact: {
    'the least': {
      form: {},
      directives: [],
      submit: [
        ...submit,
        ...always,
        '-l',
        'walltime=00:10:00',
        '-l',
        'select=4:ncpus=1:mpiprocs=1',
        '-l',
        'place=free'
      ],
      launch: launch(MPIEXEC)
    },
    'all that it can honor': {
      form: {
        cores: 16,
        coresPerEngine: 2,
        nodes: 2,
        enginesPerNode: 4,
        memoryPerCore: '2G',
        gpusPerNode: 4,
        constraint: 'model=bro:system=polaris',
        time: '2-00:00:00',
        queue: 'long',
        account: 'phys',
        email: 'ada@example.org',
        launcher: 'mpirun_rsh -np {engines}',
        directives: ['#PBS -l filesystems=home:eagle', '-W group_list=phys -P "two words"']
      },
      directives: [],
      submit: [
        ...submit,
        ...always,
        '-q',
        'long',
        '-A',
        'phys',
        '-M',
        'ada@example.org',
        '-m',
        'ae',
        '-l',
        'walltime=48:00:00',
        '-l',
        'select=2:ncpus=8:mpiprocs=4:mem=16384mb:ngpus=4:model=bro:system=polaris',
        '-l',
        'place=scatter',
        '-l',
        'filesystems=home:eagle',
        '-W',
        'group_list=phys',
        '-P',
        'two words'
      ],
      launch: launch({
        plugins: null,
        mpiexec: false,
        agent: null,
        own: ['mpirun_rsh', '-np', '{engines}']
      })
    }
  },
  submitted: {
    '0.pbs\n': '0.pbs',
    '1234.pbs\n': '1234.pbs',
    '7654321.polaris-pbs-01.hsn.cm.example.gov\n': '7654321.polaris-pbs-01.hsn.cm.example.gov',
    'Project phys has 2000 hours left.\n1234.pbs\n': '1234.pbs'
  },
  notSubmitted: [
    '4711\n',
    '1234[].pbs\n',
    'qsub: Unknown queue\n',
    '1234.pbs\n1235.pbs\n',
    'version 23.06.06 of PBS\n'
  ],
  refused: {
    'qsub: Unknown queue\n': 'queue',
    'qsub: No default queue specified\n': 'queue',
    'qsub: Queue is not enabled\n': 'queue-not-allowed',
    'qsub: Access to queue is denied\n': 'queue-not-allowed',
    'qsub: Invalid Account\n': 'account',
    'qsub: Job violates queue and/or server resource limits\n': 'no-queue-fits',
    'qsub: Job rejected by all possible destinations\n': 'no-queue-fits',
    "qsub: would exceed queue workq's per-user limit\n": 'limits',
    "qsub: would exceed user ada's limit on resource ncpus in complex\n": 'limits',
    'qsub: Maximum number of jobs already in queue workq\n': 'limits',
    'qsub: Bad UID for job execution\n': 'not-allowed',
    'qsub: Unauthorized Request \n': 'not-allowed',
    'qsub: Access from host not allowed, or unknown host\n': 'not-allowed',
    'qsub: Illegal attribute or resource value Resource_List.place\n': 'directives',
    'qsub: Unknown resource Resource_List.gpus\n': 'directives',
    'qsub: Unknown resource: ngpus\n': 'gpus',
    'qsub: Resource invalid in "select" specification: software\n': 'directives',
    'qsub: Cannot set attribute, read only or insufficient permission  Priority\n': 'directives',
    'qsub: Resource temporarily unavailable\n': 'busy',
    'qsub: jobscript size exceeded the jobscript_max_size\n': 'script',
    'qsub: "-lresource=" cannot be used with "select" or "place", resource is: ncpus\n':
      'directives',
    "qsub: invalid option -- 'Z'\nusage: qsub [-a date_time] [-A account_string]\n": 'directives',
    'qsub: script contains cr, lf\n': 'script',
    'qsub: cannot connect to server pbs (errno=15010)\n': 'unreachable',
    'Connection refused\nqsub: cannot connect to server pbs (errno=111)\n': 'unreachable',
    'qsub: Request not allowed: Server shutting down\n': 'unreachable',
    'qsub: Server connection table full\n': 'busy',
    'qsub: cannot connect to server pbs (errno=15031) Batch protocol error\n': 'unreachable',
    'qsub: Batch protocol error\n': 'unclear',
    'Communication failure.\n': 'unclear',
    'qsub: Error (15031) submitting job\n': 'unclear',
    'bash: line 6: qsub: command not found\n': 'no-command',
    'qsub: hook error: all jobs want a project here\n': null
  },
  queues: {
    'no_job.txt': [],
    'one_of_each.txt': [
      job('101.pbs', 'k3v9x2aa', 'running'),
      job('102.pbs', 'k3v9x2ab', 'running'),
      job('103.pbs', 'k3v9x2ac', 'running'),
      job('104.pbs', 'k3v9x2ad', 'queued', {
        reason: 'Not Running: Insufficient amount of resource: ncpus (R: 4 A: 0 T: 16)',
        wait: 'free-nodes',
        estimatedStart: Date.UTC(2026, 10, 30, 11) / 1000
      }),
      job('105.pbs', 'k3v9x2ae', 'queued', {
        reason: 'Can Never Run: Insufficient amount of resource: ncpus (R: 400 A: 16 T: 16)',
        wait: 'too-large'
      }),
      job('106.pbs', 'k3v9x2af', 'queued', { wait: 'held-by-you' }),
      job('107.pbs', 'k3v9x2ag', 'queued', { wait: 'another-job' }),
      job('108.pbs', 'k3v9x2ah', 'queued', {
        reason: 'job held, too many failed attempts to run',
        wait: 'held-after-failures'
      }),
      job('109.pbs', 'k3v9x2ai', 'queued', { wait: 'start-time' }),
      job('110[].pbs', null, 'running'),
      job('111.pbs', null, 'unknown')
    ],
    'long_ids_and_variables.txt': [
      job('1234567.pbs-01.hsn.example.org', 'k3v9x2aj', 'running'),
      job('1234568.pbs-01.hsn.example.org', null, 'queued'),
      job('1234569.pbs-01.hsn.example.org', 'k3v9x2al', 'unknown')
    ]
  },
  pasts: {
    'past.txt': {
      '101.pbs': end(21, 'completed', { status: 0 }),
      '102.pbs': end(22, 'failed', { status: 3 }),
      '103.pbs': end(23, 'timed-out'),
      '104.pbs': end(24, 'out-of-memory'),
      '105.pbs': end(25, 'cancelled', { by: 'account' }),
      '106.pbs': end(26, 'cancelled', { by: 'administrator' }),
      '107.pbs': end(27, 'cancelled', { by: 'account', hasRun: false }),
      '108.pbs': end(28, 'failed', { signal: 9 }),
      '109.pbs': end(29, 'failed', { signal: 9 }),
      '110.pbs': end(21, 'failed', { hasRun: false })
    }
  },
  limits: {
    'seven_queues.txt': {
      version: '23.06.06',
      queues: [
        { name: 'workq', isDefault: true, limitSeconds: null, isUsable: true },
        { name: 'short', isDefault: false, limitSeconds: 300, isUsable: true },
        { name: 'chemistry', isDefault: false, limitSeconds: 2_592_000, isUsable: false },
        { name: 'ours', isDefault: false, limitSeconds: null, isUsable: true },
        { name: 'theirs', isDefault: false, limitSeconds: null, isUsable: false },
        { name: 'stopped', isDefault: false, limitSeconds: null, isUsable: false },
        { name: 'routed', isDefault: false, limitSeconds: null, isUsable: false }
      ]
    }
  }
});

describe('the chunks', () => {
  const selected = (form: Parameters<typeof batchJob>[0], engines?: number): string => {
    const made = batchJob(form);
    const spec = { ...made.spec, engines: engines ?? made.spec.engines };
    return pbsPro
      .submitArgv({ ...made, spec })
      .filter(word => /^(?:select|place)=/.test(word))
      .join(' ');
  };

  it.each<[string, Parameters<typeof batchJob>[0], string]>([
    ['as many as nodes, of the same size', { cores: 8, nodes: 2 }, '2:ncpus=4:mpiprocs=4'],
    [
      'of two sizes, where that does not come out even',
      { cores: 8, nodes: 3 },
      '2:ncpus=3:mpiprocs=3+1:ncpus=2:mpiprocs=2'
    ],
    [
      'full, and one with the rest',
      { cores: 8, enginesPerNode: 3 },
      '2:ncpus=3:mpiprocs=3+1:ncpus=2:mpiprocs=2'
    ],
    [
      'one node, where GPUs of each are asked for and no number of them',
      { cores: 4, gpusPerNode: 2 },
      '1:ncpus=4:mpiprocs=4:ngpus=2'
    ]
  ])('are %s', (_, form, chunks) => {
    expect(selected(form)).toBe(`select=${chunks} place=scatter`);
  });

  it('are one with all cores for a notebook without engines', () => {
    expect(selected({ cores: 4 }, 0)).toBe('select=1:ncpus=4:mpiprocs=1 place=scatter');
  });

  it('are placed as a directive says', () => {
    expect(selected({ directives: ['-l place=pack:excl'] })).toBe(
      'select=4:ncpus=1:mpiprocs=1 place=pack:excl'
    );
  });
});

describe('why a job waits', () => {
  const waiting = (comment: string, more = ''): Wait | null | undefined =>
    pbsPro.parseStatus(
      `Job Id: 7.pbs\n    Job_Name = k3v9x2aa-decay\n    job_state = Q\n${more}    comment = ${comment}\n\n`
    )[0]?.wait;

  it.each<[string, Wait | null]>([
    ['Not Running: Queue not started.', 'queue-closed'],
    ['Not Running: User has reached queue workq running job limit.', 'your-limit'],
    ["Not Running: would exceed user ada's limit on resource ncpus in complex", 'your-limit'],
    ['Not Running: Server per-user limit reached on resource ncpus', 'your-limit'],
    ['Not Running: Queue workq job limit has been reached.', 'group-limit'],
    [
      "Not Running: would exceed project phys's limit on resource ncpus in queue workq",
      'group-limit'
    ],
    ['Not Running: Job would cross dedicated time boundary', 'maintenance'],
    ['Not Running: Job will run in primetime only', 'start-time'],
    ['Not Running: Job would conflict with reservation or top job', 'other-jobs'],
    ['Not Running: Job would break strict sorted order', 'other-jobs'],
    ['Not Running: Node is in an ineligible state: offline', 'nodes-unavailable'],
    ['Not Running: Not enough free nodes available', 'free-nodes'],
    ['Not Running: Host set switch=A has too few free resources', 'free-nodes'],
    ['Can Never Run: Not enough total nodes available', 'too-large'],
    [
      'Can Never Run: Insufficient amount of resource: mem (R: 900gb A: 1gb T: 96gb)',
      'too-much-memory'
    ],
    ["Can Never Run: can't fit in the largest placement set, and can't span psets", 'too-large'],
    ['Not Running: PBS Error: Execution server rejected request', null],
    ['Job was requeued by a person', null]
  ])('%s', (comment, wait) => {
    expect(waiting(comment)).toBe(wait);
  });
});

describe('what no directive may say', () => {
  it.each([
    ['-J 1-3', '-J'],
    ['#PBS -z', '-z'],
    ['-hz', '-z'],
    ['-W block=true', '-W'],
    ['-I', '-I'],
    ['-o /tmp/o', '-o'],
    ['-koed', '-k'],
    ['-N other', '-N'],
    ['-C "#"', '-C'],
    ['-l software=a other.sh', 'other.sh'],
    ['-- /bin/true', '--']
  ])('%j: it would lose the job', (line, option) => {
    expect(pbsPro.directiveProblems(batchJob({ directives: [line] }))).toEqual([
      { field: 'directives.0', code: 'directive-ours', values: { option } }
    ]);
  });

  it.each([
    ['-l select=2:ncpus=4', '-l select=2:ncpus=4', 'nodes'],
    ['-lwalltime=10', '-l walltime=10', 'time'],
    ['-l software=a,ncpus=4', '-l software=a,ncpus=4', 'cores'],
    ['-l mem=4gb', '-l mem=4gb', 'memoryPerCore'],
    ['-q long', '-q', 'queue'],
    ['-A phys', '-A', 'account'],
    ['-m abe', '-m', 'email']
  ])('%j: a field does', (line, option, covered) => {
    expect(pbsPro.directiveProblems(batchJob({ directives: [line] }))).toEqual([
      { field: 'directives.0', code: 'directive-field', values: { option, covered } }
    ]);
  });

  it.each([
    '-P phys',
    '#PBS -l filesystems=home:eagle',
    '-W depend=afterok:7.pbs',
    '-h',
    '-l place=scatter:excl',
    '-v A=-z,B=1',
    '-p 10 -a 2200'
  ])('%j may', line => {
    expect(pbsPro.directiveProblems(batchJob({ directives: [line] }))).toEqual([]);
  });
});
