import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { JobForm } from '../../../src/api/jobSpec';
import type { Wait } from '../../../src/api/waiting';
import type { JobEnd, Launch, QueueEntry } from '../../../src/schedulers/scheduler';
import type { Queue } from '../../../src/api/clusterCheck';
import { slurm } from '../../../src/schedulers/slurm/slurm';
import { batchJob } from '../batchJob';
import { schedulerSuite } from '../suite';

const ERROR = 'sbatch: error: ';
const FAILED = `${ERROR}Batch job submission failed: `;
const SIZE = 'Requested node configuration is not available';
const POLICY =
  "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)";

/** What `submitArgv` runs before sbatch. */
const SUBMIT = `for name in \${!SLURM_*}; do
  case $name in SLURM_CONF|SLURM_CONF_SERVER|SLURM_CLUSTERS|SLURM_JWT|SLURM_SACK_SOCKET) ;; *) unset "$name";; esac
done
unset SBATCH_ARRAY_INX SBATCH_CLUSTERS SBATCH_DEBUG SBATCH_ERROR SBATCH_INPUT SBATCH_JOB_NAME SBATCH_NO_REQUEUE
unset SBATCH_OPEN_MODE SBATCH_OUTPUT SBATCH_REQUEUE SBATCH_SIGNAL SBATCH_TIMELIMIT SBATCH_WAIT
exec "$@"`;

const submit = ['bash', '-c', SUBMIT, 'submit', 'sbatch', '--parsable', '--ignore-pbs'];
const OF_A_TASK = [
  'SLURM_CPUS_PER_TASK',
  'SRUN_CPUS_PER_TASK',
  'SLURM_TRES_PER_TASK',
  'SLURM_NTASKS_PER_CORE',
  'SLURM_NTASKS_PER_GPU',
  'SLURM_NTASKS_PER_NODE',
  'SLURM_NTASKS_PER_SOCKET',
  'SLURM_NTASKS_PER_TRES',
  'SLURM_DISTRIBUTION',
  'SLURM_CORE_SPEC',
  'SLURM_EXACT'
];
/** The process of each node, whatever the layout. */
const NODES: Launch['nodes'] = {
  argv: [
    'env',
    ...OF_A_TASK.flatMap(name => ['-u', name]),
    'srun',
    '--overlap',
    '--input=none',
    '--wait=0',
    '--export=ALL',
    '--kill-on-bad-exit=0',
    '--mpi=none',
    '--nodes={nodes}',
    '--ntasks={nodes}',
    '--ntasks-per-node=1',
    '--cpu-bind=none'
  ],
  name: 'SLURMD_NODENAME',
  engines: 'SLURM_TASKS_PER_NODE',
  hosts: null,
  cpus: 'SLURM_CPUS_ON_NODE',
  bound: {
    SLURM_GPUS_PER_TASK: '.',
    SLURM_GPU_BIND: '.',
    SLURM_TRES_BIND: '.',
    SLURM_TRES_PER_TASK: '(?:^|,)(?!cpu[:=])[^,]',
    SLURM_CPU_BIND: '.'
  },
  each: {
    rank: ['SLURM_PROCID'],
    local: ['SLURM_LOCALID'],
    all: ['SLURM_NTASKS', 'SLURM_NPROCS', 'SLURM_STEP_NUM_TASKS'],
    job: [...OF_A_TASK, 'SLURM_TASKS_PER_NODE', 'SLURM_STEP_TASKS_PER_NODE']
  }
};

/** The ways to start engines, for exactly this layout. */
const launch = (...layout: string[]): Launch => ({
  argv: [...srun('--kill-on-bad-exit=0', '--mpi=none'), ...layout],
  rank: 'SLURM_PROCID',
  nodes: NODES,
  mpi: {
    plugins: {
      list: ['srun', '--mpi=list'],
      argv: [...srun('--kill-on-bad-exit=1', '--label', '--mpi={plugin}'), ...layout]
    },
    mpiexec: true,
    agent: null,
    own: ['ibrun']
  }
});

const step = ['srun', '--overlap', '--input=none', '--wait=0', '--export=ALL'];
const srun = (...options: string[]): string[] => [...step, ...options];
const ends = [
  '--chdir=/home/ada/jobs/k3v9x2ab',
  '--output=/home/ada/jobs/k3v9x2ab/logs/job.log',
  '--open-mode=append',
  '--no-requeue'
];
const script = '/home/ada/jobs/k3v9x2ab/script.sh';
const least = ['--job-name=k3v9x2ab-decay', '--time=0-00:10:00', '--ntasks=4'];
const everything = [
  '--job-name=k3v9x2ab-pi',
  '--time=2-12:00:30',
  '--ntasks=16',
  '--nodes=4',
  '--ntasks-per-node=4',
  '--cpus-per-task=2',
  '--mem-per-cpu=2048M',
  '--gpus-per-node=a100:1',
  '--partition=main,short',
  '--account=physics',
  '--qos=high',
  '--reservation=course',
  '--constraint=a&b',
  '--mail-user=ada@example.org',
  '--mail-type=END,FAIL',
  ...ends,
  '--signal=B:USR1@120'
];

const entry = (
  schedulerId: string,
  jobId: string | null,
  state: QueueEntry['state'],
  reason: string | null = null,
  wait: Wait | null = null,
  estimatedStart: number | null = null
): QueueEntry => ({ schedulerId, jobId, state, end: null, reason, wait, estimatedStart });

const ended = (how: JobEnd['how'], at: number, change: Partial<JobEnd> = {}): JobEnd => ({
  how,
  hasRun: true,
  at,
  status: null,
  signal: null,
  by: null,
  ...change
});

const over = (schedulerId: string, jobId: string, end: JobEnd): QueueEntry => ({
  ...entry(schedulerId, jobId, 'over'),
  end
});
const queue = (name: string, limitSeconds: number | null, isUsable = true): Queue => ({
  name,
  isDefault: name === 'main',
  limitSeconds,
  isUsable
});
/** Without accounting. */
const OF_NOBODY = { version: '22.05.8', accounts: [], qos: [] };
const MAIN_AND_GPU = [queue('main', 86_400), queue('gpu', null)];
const FOUR = [
  queue('main', 86_400),
  queue('short', 60),
  queue('down', null, false),
  queue('others', null, false)
];

it('a notebook without engines is one task with all cores of its job, on one node', () => {
  const job = batchJob({ cores: 8, coresPerEngine: 2 });
  const alone = { ...job, spec: { ...job.spec, engines: 0 } };
  const asked = ['--ntasks=1', '--nodes=1', '--cpus-per-task=8'];
  const directives = slurm.directives(alone);
  const argv = slurm.submitArgv(alone);
  expect(argv).toEqual(expect.arrayContaining(asked));
  expect(directives).toEqual(expect.arrayContaining(asked.map(option => `#SBATCH ${option}`)));
  expect(argv.filter(word => /^--(ntasks|nodes|cpus-per)/.test(word))).toEqual(asked);
});

it.each([
  ['auto', ['srun'], true, ['ibrun']],
  ['srun', ['srun'], false, null],
  ['mpiexec', [], true, null],
  ['ibrun', [], false, ['ibrun']],
  ['/opt/mpirun_rsh  -np {engines}', [], false, ['/opt/mpirun_rsh', '-np', '{engines}']]
])('the launcher %s leaves what is to be tried', (launcher, plugins, mpiexec, own) => {
  const { mpi } = slurm.launch(batchJob({ launcher }).spec);
  expect(mpi).toMatchObject({ mpiexec, own });
  expect(mpi.plugins?.argv.slice(0, 1) ?? []).toEqual(plugins);
});

it.each([
  [{ gpusPerNode: 4, gpuType: 'a100' }, 'gres', '--gres=gpu:a100:4'],
  [{ gpusPerNode: 4 }, 'gres', '--gres=gpu:4'],
  [{ gpusPerNode: 4 }, 'gpus-per-node', '--gpus-per-node=4']
] as const)('GPUs %j are asked for by %s', (form, gpuOption, asked) => {
  const job = batchJob(form, { gpuOption });
  expect(slurm.submitArgv(job).filter(word => /gpu/.test(word))).toEqual([asked]);
  expect(slurm.directives(job).filter(line => /gpu/.test(line))).toEqual([`#SBATCH ${asked}`]);
});

it('a directive asks for nothing beside the GPUs where that would take them away', () => {
  const form: Partial<JobForm> = { directives: ['--gres=scratch:1'], gpusPerNode: 2 };
  expect(slurm.directiveProblems(batchJob(form, { gpuOption: 'gres' }))).toMatchObject([
    { code: 'directive-field', values: { option: '--gres', covered: 'gpusPerNode' } }
  ]);
  expect(slurm.directiveProblems(batchJob(form))).toEqual([]);
});

schedulerSuite({
  scheduler: slurm,
  exact: {
    'the least': {
      form: {},
      directives: [...least, '--cpus-per-task=1', ...ends, '--signal=B:USR1@60'].map(
        option => `#SBATCH ${option}`
      ),
      submit: [...submit, ...least, '--cpus-per-task=1', ...ends, '--signal=B:USR1@60', script],
      launch: launch('--ntasks=4', '--cpus-per-task=1')
    },
    everything: {
      form: {
        name: 'pi',
        cores: 32,
        coresPerEngine: 2,
        nodes: 4,
        enginesPerNode: 4,
        time: '2-12:00:30',
        memoryPerCore: '2G',
        gpusPerNode: 1,
        gpuType: 'a100',
        queue: 'main,short',
        account: 'physics',
        qos: 'high',
        reservation: 'course',
        constraint: 'a&b',
        email: 'ada@example.org',
        directives: ['--exclusive', '#SBATCH --licenses=matlab']
      },
      directives: [
        ...everything.map(option => `#SBATCH ${option.includes('&') ? `"${option}"` : option}`),
        '#SBATCH --exclusive',
        '#SBATCH --licenses=matlab'
      ],
      submit: [...submit, ...everything, script],
      launch: launch('--ntasks=16', '--nodes=4', '--ntasks-per-node=4', '--cpus-per-task=2')
    }
  },
  submitted: {
    '4711\n': '4711',
    '4711;hpc\n': '4711',
    'You have used 3 of 4 TB.\n4711\n': '4711',
    '4711\nsbatch: error: job accounting hook failed\n': '4711',
    'Submitted batch job 4711\n': '4711',
    'checked by policy 3.2\nSubmitted batch job 4711 on cluster hpc\n': '4711',
    'Submitted batch job 4711\n4711\n': '4711'
  },
  notSubmitted: [
    'sbatch: error: Batch job submission failed: Invalid partition name specified\n',
    'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n',
    'Submitted batch job 4711\n4712\n',
    ';hpc\n'
  ],
  limits: {
    'four_partitions.txt': { ...OF_NOBODY, queues: FOUR },
    'as_another_user.txt': { ...OF_NOBODY, queues: [...FOUR.slice(0, 3), queue('others', null)] },
    'controller_stopped.txt': { ...OF_NOBODY, queues: [] },
    'with_accounting.txt': {
      version: '22.05.8',
      queues: FOUR.slice(0, 3),
      accounts: [
        {
          name: 'chemistry',
          notIn: ['main', 'down'],
          qos: ['normal'],
          defaultQos: null
        },
        {
          name: 'physics',
          notIn: ['short'],
          qos: ['normal', 'refusing', 'waiting'],
          defaultQos: 'waiting'
        }
      ],
      qos: [
        { name: 'normal', notIn: [] },
        { name: 'refusing', notIn: ['main'] },
        { name: 'waiting', notIn: [] }
      ]
    },
    'format_of_20_11.txt': { ...OF_NOBODY, version: '20.11.9', queues: MAIN_AND_GPU },
    'format_of_26_05.txt': {
      version: '26.05.3',
      queues: MAIN_AND_GPU,
      accounts: [
        { name: 'physics', notIn: ['gpu'], qos: ['high', 'normal'], defaultQos: 'normal' },
        { name: 'chemistry', notIn: ['main'], qos: ['normal'], defaultQos: null }
      ],
      qos: [
        { name: 'high', notIn: ['main'] },
        { name: 'normal', notIn: [] }
      ]
    }
  },
  // As sbatch of 22.05.8 printed them, with and without accounting, or as slurm_errno.c has them, up to 26.05.
  refused: {
    [`${ERROR}invalid partition specified: nowhere\n${FAILED}Invalid partition name specified`]:
      'queue',
    [`${FAILED}User's group not permitted to use this partition`]: 'queue-not-allowed',
    [`${FAILED}Required partition not available (inactive or drain)`]: 'queue-not-allowed',
    [`${FAILED}Invalid account or account/partition combination specified`]: 'account',
    [`${FAILED}Invalid qos specification`]: 'qos',
    [`${FAILED}Requested time limit is invalid (missing or exceeds some limit)`]: 'time',
    [`${FAILED}Time limit specification required, but not provided`]: 'time-missing',
    [`${ERROR}QOSMaxWallDurationPerJobLimit\n${FAILED}${POLICY}`]: 'time',
    [`${ERROR}AssocMaxSubmitJobLimit\n${FAILED}${POLICY}`]: 'limits',
    [`${FAILED}Node count specification invalid`]: 'nodes',
    [`${FAILED}Invalid node name specified`]: 'node-names',
    [`${FAILED}More processors requested than permitted`]: 'cores',
    [`${ERROR}CPU count per node can not be satisfied\n${FAILED}${SIZE}`]: 'cores',
    [`${ERROR}Memory specification can not be satisfied\n${FAILED}${SIZE}`]: 'memory',
    [`${FAILED}Memory required by task is not available`]: 'memory',
    [`${FAILED}${SIZE}`]: 'node-size',
    [`${ERROR}Invalid generic resource (gres) specification`]: 'gpus',
    [`${FAILED}Invalid feature specification`]: 'constraint',
    [`${FAILED}Requested reservation is invalid`]: 'reservation',
    [`${FAILED}Access denied to requested reservation`]: 'reservation',
    [`${FAILED}Invalid license specification`]: 'licenses',
    [`${ERROR}Invalid directive found in batch script: foo`]: 'directives',
    ['sbatch: fatal: dir.sh: line 2: Unmatched `"` in ["foo]']: 'directives',
    [`sbatch: unrecognized option '--foo'\nTry "sbatch --help" for more information`]: 'directives',
    [`Invalid time specification (pos=0): x\n${ERROR}Invalid --begin specification`]: 'directives',
    [`${ERROR}Batch script contains DOS line breaks (\\r\\n)`]: 'script',
    [`${FAILED}Socket timed out on send/recv operation`]: 'unclear',
    [`${FAILED}Unable to contact slurm controller (receive failure)`]: 'unclear',
    [`${FAILED}Unable to contact slurm controller (connect failure)`]: 'unreachable',
    [`${ERROR}s_p_parse_file: cannot stat file\nsbatch: fatal: Unable to process configuration file`]:
      'unreachable',
    [`${ERROR}Slurm temporarily unable to accept job, sleeping and retrying`]: 'busy',
    'bash: line 3: exec: sbatch: not found': 'no-command',
    [`${ERROR}Slurm temporarily unable to accept job, sleeping and retrying\n${FAILED}Rate limit exceeded, please retry later`]:
      'busy',
    [`${FAILED}MaxJobCount limit reached`]: 'busy',
    [`${FAILED}System submissions disabled`]: 'busy',
    [`${FAILED}Connection timed out reading`]: 'unclear',
    [`${FAILED}Connection timed out establishing`]: 'unreachable',
    [`${FAILED}Controller is in standby mode, try a different controller`]: 'unreachable',
    [`${FAILED}Requested topology configuration is not available`]: 'node-size',
    [`${FAILED}Licenses currently unavailable`]: 'licenses',
    [`${ERROR}No cluster 'none' known by database.\n${ERROR}'none' can't be reached now, or it is an invalid entry for --cluster.`]:
      'unreachable',
    ['sbatch: fatal: --mem, --mem-per-cpu, and --mem-per-gpu are mutually exclusive.']:
      'directives',
    [`${ERROR}unrecognized --hint argument "x", see --hint=help`]: 'directives',
    [`${ERROR}--uid only permitted by root user`]: 'directives',
    [`${ERROR}Temporary disk specification can not be satisfied\n${FAILED}${SIZE}`]: 'node-size',
    [`${FAILED}Invalid time-min specification (exceeds job's time or other limits)`]: 'time',
    [`${FAILED}Invalid preferred feature specification`]: 'constraint',
    [`${FAILED}Job --batch option is invalid or not a subset of --constraints`]: 'directives',
    [`${FAILED}Job dependency problem`]: 'directives',
    [`${FAILED}Invalid wckey specification`]: 'directives',
    [`${FAILED}Invalid extra constraints specification`]: 'directives',
    [`${FAILED}Container support is not configured`]: 'directives',
    [`${FAILED}Burst Buffer request invalid`]: 'directives',
    [`${FAILED}Missing UNIX user in the system`]: 'not-allowed',
    [`${FAILED}Missing UNIX group in the system`]: 'not-allowed',
    [`${FAILED}Invalid user id`]: 'not-allowed',
    [`${FAILED}Access/permission denied`]: 'not-allowed',
    [`${FAILED}Protocol authentication error`]: 'unreachable',
    [`${FAILED}Incompatible versions of client and server code`]: 'unreachable',
    [`${FAILED}Invalid --nice value`]: 'directives',
    [`${FAILED}Requested operation not supported on this system`]: 'directives',
    [`${FAILED}I/O error writing script/environment to file`]: 'busy',
    [`${FAILED}Multiple partition job request not supported when a partition is set in the association`]:
      'account',
    [`${FAILED}Some new reason`]: null
  },
  queues: {
    'no_job.txt': [],
    // A job of ours is no array, and none of several parts.
    'arrays_and_federations.txt': [
      entry('67113575', 'k3v9x2ab', 'running'),
      entry('67113576', 'c7q1m0zt', 'unknown'),
      entry('67113577', 'd7q1m0zt', 'queued')
    ],
    'one_of_each.txt': [
      entry('38', 'c7q1m0zt', 'queued', 'PartitionDown', 'queue-closed'),
      over('44', 'j7q1m0zt', ended('cancelled', 1795815191)),
      over('43', 'i7q1m0zt', ended('cancelled', 1795815191, { hasRun: false })),
      over('46', 'm7q1m0zt', ended('completed', 1795815187)),
      entry('47', 'g7q1m0zt', 'running'),
      over('40', 'e7q1m0zt', ended('failed', 1795815187)),
      over('42', 'h7q1m0zt', ended('failed', 1795815187)),
      over('45', 'l7q1m0zt', ended('node-failure', 1795815191)),
      entry('48', 'f7q1m0zt', 'queued', 'Resources', 'free-nodes', 1795815787),
      entry('37', 'b7q1m0zt', 'queued', 'JobHeldUser', 'held-by-you'),
      entry('36', 'k3v9x2ab', 'running'),
      entry('41', null, 'running'),
      entry('39', 'd7q1m0zt', 'queued', 'PartitionTimeLimit', 'too-long')
    ]
  },
  pasts: {
    'past_without_accounting.txt': {
      '40': ended('failed', 1795815187, { status: 3 }),
      '42': ended('failed', 1795815187, { signal: 9 }),
      '43': ended('cancelled', 1795815191, { hasRun: false, status: 0 }),
      '44': ended('cancelled', 1795815191, { signal: 15 }),
      '45': ended('node-failure', 1795815191, { signal: 15 }),
      '46': ended('completed', 1795815187, { status: 0 })
    },
    'past_format_of_26_05.txt': {
      '67113575': ended('failed', 1795815187, { status: 3 }),
      '67113576': ended('cancelled', 1795815190, { hasRun: false, status: 0, by: 'account' })
    },
    'past_with_accounting.txt': {
      '2': ended('failed', 1795815253, { status: 3 }),
      '3': ended('failed', 1795815253, { signal: 9 }),
      '4': ended('cancelled', 1795815258, { hasRun: false, status: 0, by: 'account' }),
      '5': ended('cancelled', 1795815258, { status: 0, by: 'account' }),
      '6': ended('node-failure', 1795815258, { status: 0 }),
      '7': ended('completed', 1795815253, { status: 0 }),
      '9': ended('failed', 1795815254, { status: 3 })
    }
  }
});

describe('slurm', () => {
  it.each([
    ['1m', '10'],
    ['10m', '60'],
    ['20h', '120']
  ])('warns a job of %s %s seconds before its end', (given, seconds) => {
    expect(slurm.directives(batchJob({ time: given }))).toContain(
      `#SBATCH --signal=B:USR1@${seconds}`
    );
  });

  it('writes paths in which Slurm replaces nothing', () => {
    const output = (baseFolder: string): string[] =>
      slurm.submitArgv(batchJob({}, { baseFolder })).filter(word => word.startsWith('--output'));
    expect(output('/a%j')).toEqual(['--output=/a%%j/k3v9x2ab/logs/job.log']);
    expect(output('/a\\b%j')).toEqual([String.raw`--output=/a\\b%j/k3v9x2ab/logs/job.log`]);
  });

  it('quotes what its own parser would take apart', () => {
    expect(slurm.directives(batchJob({}, { baseFolder: '/a "b" # c' }))).toContain(
      String.raw`#SBATCH "--chdir=/a \"b\" # c/k3v9x2ab"`
    );
  });

  it.each([
    ['--wait', '--wait'],
    ['-W', '-W'],
    ['#SBATCH --wait', '--wait'],
    ['  #SBATCH   -W  # as in my script', '-W'],
    ['#SBATCH--wait', '--wait'],
    ['--exclusive --wait', '--wait'],
    ['--wai', '--wai'],
    ['"--wait"', '--wait'],
    ["--wa'it'", '--wait'],
    [String.raw`--wai\t`, '--wait'],
    ['-vW', '-W'],
    ['-HQp short', '-Q'],
    ['--array=1-3', '--array'],
    ['--arr 1-3', '--arr'],
    ['-a1-3', '-a'],
    ['-a 1-3%2', '-a'],
    ['--test-only', '--test-only'],
    ['--tes', '--tes'],
    ["--wrap='hostname'", '--wrap'],
    ['--parsable', '--parsable'],
    ['--quiet', '--quiet'],
    ['-h', '-h'],
    ['--help', '--help'],
    ['--usage', '--usage'],
    ['--version', '--version'],
    ['-o slurm-%j.out', '-o'],
    ['--output=x', '--output'],
    ['-ejob.err', '-e'],
    ['--error=/dev/null', '--error'],
    ['-D /tmp', '-D'],
    ['--chdir=/tmp', '--chdir'],
    ['--requeue', '--requeue'],
    ['--open-mode=truncate', '--open-mode'],
    ['--signal=USR1@60', '--signal'],
    ['--input=data', '--input'],
    ['-idata', '-i'],
    ['-sW', '-W'],
    ['--external', '--external'],
    ['--autocomplete=--t', '--autocomplete'],
    ['-M all', '-M'],
    ['--clusters=other', '--clusters'],
    ['hetjob', 'hetjob'],
    ['#SBATCH packjob', 'packjob']
  ])('refuses the directive %j', (line, option) => {
    const job = batchJob({ directives: ['--exclusive', line] });
    expect(slurm.directiveProblems(job)).toEqual([
      { field: 'directives.1', code: 'directive-ours', values: { option } }
    ]);
  });

  it.each<[string, Partial<JobForm>, string, string]>([
    ['--time=02:00:00', {}, '--time', 'time'],
    ['#SBATCH -t 60', {}, '-t', 'time'],
    ['-n4', {}, '-n', 'cores'],
    ['--ntasks 4', {}, '--ntasks', 'cores'],
    ['-c 2', {}, '-c', 'coresPerEngine'],
    ['-J mine', {}, '-J', 'name'],
    ['--job=mine', {}, '--job', 'name'],
    ['-pshort', { queue: 'main' }, '-p', 'queue'],
    ['--exclusive -A physics', { account: 'other' }, '-A', 'account'],
    ['--tasks-per-node=2', { enginesPerNode: 2 }, '--tasks-per-node', 'enginesPerNode'],
    ['--mem=4G', { memoryPerCore: '2G' }, '--mem', 'memoryPerCore'],
    ['--mem-per-gpu=4G', { memoryPerCore: '2G' }, '--mem-per-gpu', 'memoryPerCore'],
    ['--mail-type=ALL', { email: 'ada@example.org' }, '--mail-type', 'email']
  ])('names the field in place of the directive %j', (line, form, option, covered) => {
    const job = batchJob({ ...form, directives: [line] });
    expect(slurm.directiveProblems(job)).toEqual([
      { field: 'directives.0', code: 'directive-field', values: { option, covered } }
    ]);
  });

  it.each([
    '--exclusive',
    '#SBATCH --licenses=matlab',
    '-p short',
    '-A physics -q high',
    '--mem=4G',
    '--mem 4G',
    '--mem-per-gpu=4G',
    '--tasks-per-node=2',
    '--export-file=/e',
    '--gpus=1',
    '--time-min=5',
    '--wait-all-nodes=1',
    '--comment="please --wait"',
    '--nice=100 # --wait',
    '# --wait',
    '--no-requeue',
    '--hold',
    '-H',
    '-w node1,Wnode',
    '-kW',
    '-x Q1',
    '--begin=now+1hour',
    '--export=NONE',
    '--mail-type=ALL --mail-user=me'
  ])('takes the directive %j', line => {
    expect(slurm.directiveProblems(batchJob({ directives: [line] }))).toEqual([]);
  });

  it('writes a directive with the word that begins it, whether or not it had one', () => {
    const directives = ['--exclusive', ' #SBATCH --hold', '#SBATCH   --hold', '#SBATCH--hold'];
    expect(slurm.directives(batchJob({ directives })).slice(-4)).toEqual([
      '#SBATCH --exclusive',
      '#SBATCH --hold',
      '#SBATCH --hold',
      '#SBATCH --hold'
    ]);
  });

  it('leaves the variables behind that would change the submission itself', () => {
    const ours = { WAIT: '1', ARRAY_INX: '1-3', REQUEUE: '1', OPEN_MODE: 't', SIGNAL: 'USR1' };
    const more = {
      TIMELIMIT: '1',
      OUTPUT: 'o',
      ERROR: 'e',
      INPUT: 'i',
      CLUSTERS: 'c',
      JOB_NAME: 'j'
    };
    const theirs = { ACCOUNT: 'a', PARTITION: 'p', QOS: 'q', EXCLUSIVE: 'user', EXPORT: 'NONE' };
    const env = Object.fromEntries(
      Object.entries({ ...ours, ...more, ...theirs }).map(([name, value]) => [
        `SBATCH_${name}`,
        value
      ])
    );
    const said = execFileSync('bash', ['-c', SUBMIT, 'submit', 'env'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...env }
    });
    expect(said.match(/^SBATCH_\w+/gm)?.toSorted()).toEqual(
      Object.keys(theirs)
        .map(name => `SBATCH_${name}`)
        .toSorted()
    );
  });

  it('leaves the variables of an outer job behind, but not those that say which Slurm it is', () => {
    const theirs = {
      SLURM_CONF: '/c',
      SLURM_CONF_SERVER: 'h',
      SLURM_JWT: 't',
      SLURM_CLUSTERS: 'c',
      SLURM_SACK_SOCKET: '/s',
      SBATCH_QOS: 'q'
    };
    const env = { PATH: process.env['PATH'], SLURM_JOB_ID: '1', SLURM_NNODES: '2', ...theirs };
    const said = execFileSync('bash', ['-c', SUBMIT, 'submit', 'env'], { encoding: 'utf8', env });
    expect(
      said
        .split('\n')
        .filter(line => /^(?:SLURM|SBATCH)_/.test(line))
        .toSorted()
    ).toEqual(
      Object.entries(theirs)
        .map(([name, value]) => `${name}=${value}`)
        .toSorted()
    );
  });

  it("reads a version that is no distribution's, and partitions without what it looks for", () => {
    const said =
      'slurm 23.02.6\nPartitionName=p State=UP \nPartitionName=q State=DRAIN RootOnly=NO \n';
    expect(slurm.limits?.parse(said)).toEqual({
      ...OF_NOBODY,
      version: '23.02.6',
      queues: [queue('p', null), queue('q', null, false)]
    });
  });

  it('keeps a partition for root from everybody', () => {
    const said = 'PartitionName=p MaxTime=2-00:00:00 RootOnly=YES State=UP TotalCPUs=1';
    expect(slurm.limits?.parse(said).queues).toEqual([queue('p', 172_800, false)]);
  });

  it('says that it is not there as a shell does', () => {
    const [bash = '', ...argv] = slurm.limits?.argv ?? [];
    const run = (): string =>
      execFileSync('/bin/bash', argv, { env: { PATH: '/nowhere' }, stdio: 'pipe' }).toString();
    expect(bash).toBe('bash');
    expect(run).toThrow(expect.objectContaining({ status: 127 }));
  });

  it('does not take a state that it does not know for an end', () => {
    expect(slurm.parseStatus('9|HIBERNATING|N/A|N/A|n1|k3v9x2ab-x|None')).toEqual([
      entry('9', 'k3v9x2ab', 'unknown')
    ]);
  });

  it.each([
    ['echo "slurm_load_jobs error: Unable to contact slurm controller" >&2', 1],
    ['echo "slurm_load_jobs error: Socket timed out" >&2; exit 1', 1],
    ['exit 4', 4],
    ['echo "9|RUNNING|1|2|n1|k3v9x2ab-x|None"', 0]
  ])('says of a squeue that does %j: %d', (does, status) => {
    const [bash = '', ...argv] = slurm.statusArgv();
    const squeue = `squeue() { ${does}; }; export -f squeue; exec "$@"`;
    const run = (): string =>
      execFileSync('bash', ['-c', squeue, 'test', bash, ...argv], {
        encoding: 'utf8',
        stdio: 'pipe'
      });
    if (status === 0) {
      expect(slurm.parseStatus(run())).toHaveLength(1);
    } else {
      expect(run).toThrow(expect.objectContaining({ status }));
    }
  });

  it("cancels whatever the person's own defaults leave out", () => {
    const env = { PATH: process.env['PATH'], SCANCEL_STATE: 'PENDING', SCANCEL_INTERACTIVE: '1' };
    const fake =
      'scancel() { env; echo "$@"; }; export -f scancel; exec() { "$@"; }; export -f exec; "$@"';
    const argv = slurm.cancelArgv({ id: 'k3v9x2ab', schedulerId: '4711' });
    const said = execFileSync('bash', ['-c', fake, 'test', ...argv], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env
    });
    expect(said).not.toMatch(/^SCANCEL_/m);
    expect(said).toMatch(/^4711$/m);
  });

  it.each<[string, JobEnd['how'] | QueueEntry['state']]>([
    ['PENDING', 'queued'],
    ['CONFIGURING', 'queued'],
    ['EXPEDITING', 'queued'],
    ['REQUEUED', 'queued'],
    ['REQUEUED_CRON', 'queued'],
    ['REQUEUE_FED', 'queued'],
    ['REQUEUE_HOLD', 'queued'],
    ['RESV_DEL_HOLD', 'queued'],
    ['SPECIAL_EXIT', 'queued'],
    ['RUNNING', 'running'],
    ['RESIZING', 'running'],
    ['SIGNALING', 'running'],
    ['SUSPENDED', 'running'],
    ['STOPPED', 'running'],
    ['STAGE_OUT', 'running'],
    ['COMPLETING', 'running'],
    ['REVOKED', 'unknown'],
    ['COMPLETED', 'completed'],
    ['FAILED', 'failed'],
    ['CANCELLED', 'cancelled'],
    ['TIMEOUT', 'timed-out'],
    ['DEADLINE', 'deadline'],
    ['OUT_OF_MEMORY', 'out-of-memory'],
    ['NODE_FAIL', 'node-failure'],
    ['BOOT_FAIL', 'node-failure'],
    ['PREEMPTED', 'preempted']
  ])('takes %s for %s', (word, meaning) => {
    const [found] = slurm.parseStatus(`9|${word}|1|2|n1|k3v9x2ab-x|None`);
    expect(found?.end?.how ?? found?.state).toBe(meaning);
    const past = slurm.records?.parse(`9|${word}|0:0|n1|2`);
    expect(past?.get('9')?.how).toBe(found?.end?.how);
  });

  it.each([
    ['1000', 'account'],
    ['0', 'administrator']
  ])('tells who cancelled a job of user 1000: user %s is %s', (by, who) => {
    const said = `uid 1000\n9|CANCELLED by ${by}|0:0|n1|2`;
    expect(slurm.records?.parse(said).get('9')?.by).toBe(who);
  });

  it('takes a job that failed with a step out of memory for one that ran out of memory', () => {
    const said = '9|FAILED|1:0|n1|2\n9.batch|FAILED|1:0|n1|2\n9.0|OUT_OF_MEMORY|0:125|n1|2';
    expect(slurm.records?.parse(said).get('9')?.how).toBe('out-of-memory');
    expect(
      slurm.records?.parse(said.replace('9|FAILED|1:0', '9|COMPLETED|0:0')).get('9')?.how
    ).toBe('completed');
  });

  it.each([
    ['neither is there', 'return 127', 'return 127'],
    [
      'accounting is disabled',
      'echo "slurm_load_jobs error: Invalid job id specified" >&2; return 1',
      'echo "Slurm accounting storage is disabled" >&2; return 1'
    ]
  ])('is quiet about the past where %s', (_, scontrol, sacct) => {
    const [bash = '', ...argv] = slurm.records?.argv(['9']) ?? [];
    const fakes = `scontrol() { ${scontrol}; }; timeout() { ${sacct}; }; export -f scontrol timeout; exec "$@" 2>&1`;
    const said = execFileSync('bash', ['-c', fakes, 'test', bash, ...argv], { encoding: 'utf8' });
    expect(said).toMatch(/^uid \d+\n$/);
  });

  it.each<[string, Wait | null]>([
    ['Priority', 'other-jobs'],
    ['Resources', 'free-nodes'],
    ['BurstBufferStageIn', 'preparing'],
    ['BeginTime', 'start-time'],
    ['Dependency', 'another-job'],
    ['DependencyNeverSatisfied', 'another-job-failed'],
    ['Licenses', 'licenses'],
    ['Reservation', 'reservation'],
    ['ReservationDeleted', 'reservation-gone'],
    ['ReservationInvalid', 'reservation-gone'],
    ['MaxPoweredUpNodes', 'free-nodes'],
    ['MpiPortsBusy', 'preparing'],
    ['ReqNodeNotAvail, Reserved for maintenance', 'maintenance'],
    ['ReqNodeNotAvail, UnavailableNodes:n1', 'nodes-unavailable'],
    ['NodeDown', 'nodes-unavailable'],
    ['PartitionInactive', 'queue-closed'],
    ['JobHeldUser', 'held-by-you'],
    ['JobHeldAdmin', 'held-by-administrator'],
    ['JobHoldMaxRequeue', 'held-after-failures'],
    ['PartitionTimeLimit', 'too-long'],
    ['QOSMaxWallDurationPerJobLimit', 'too-long'],
    ['PartitionNodeLimit', 'too-many-nodes'],
    ['AssocMaxNodePerJobLimit', 'too-many-nodes'],
    ['MaxMemPerLimit', 'too-much-memory'],
    ['QOSMaxMemoryPerNode', 'too-much-memory'],
    ['PartitionConfig', 'too-large'],
    ['AssocMaxCpuPerJobLimit', 'too-large'],
    ['QOSMaxGRESPerJob', 'too-large'],
    ['AssocMaxCpuMinutesPerJobLimit', 'too-large'],
    ['QOSMinCpuNotSatisfied', 'too-small'],
    ['BadConstraints', 'no-such-nodes'],
    ['InvalidAccount', 'wrong-account'],
    ['QOSNotAllowed', 'wrong-qos'],
    ['DeadLine', 'deadline-passed'],
    ['QOSMaxJobsPerUserLimit', 'your-limit'],
    ['MaxCpuRunMinsPerUser', 'your-limit'],
    ['MaxCpuRunMinsPerAccount', 'group-limit'],
    ['AssocMaxJobsLimit', 'your-limit'],
    ['JobArrayTaskLimit', 'your-limit'],
    ['AssocGrpCpuLimit', 'group-limit'],
    ['QOSGrpNodeRunMinutes', 'group-limit'],
    ['MaxCpuPerAccount', 'group-limit'],
    ['AssocGrpCPUMinutesLimit', 'budget-spent'],
    ['QOSUsageThreshold', 'budget-spent'],
    ['SomeNewReason', null],
    ['None', null]
  ])('takes %s for %s', (reason, wait) => {
    const [found] = slurm.parseStatus(`9|PENDING|N/A|N/A||k3v9x2ab-x|${reason}`);
    expect(found).toMatchObject({ wait, reason: reason === 'None' ? null : reason });
  });

  it('says that nodes are being started, and that a failed start is held', () => {
    const waits = ['CONFIGURING', 'SPECIAL_EXIT', 'RUNNING'].map(
      state => slurm.parseStatus(`9|${state}|N/A|N/A||k3v9x2ab-x|Priority`)[0]?.wait
    );
    expect(waits).toEqual(['nodes-starting', 'held-after-failures', null]);
  });
});

describe('what no clock and no counter of Slurm has', () => {
  it('is not known, and the job is in the queue all the same', () => {
    const digits = '9'.repeat(400);
    const [found] = slurm.parseStatus(
      `9|PENDING|${digits}|${digits}||k3v9x2ab-x|${'x'.repeat(90_000)}`
    );
    expect(found).toMatchObject({ schedulerId: '9', state: 'queued', estimatedStart: null });
    expect(found?.reason).toHaveLength(1000);
    expect(slurm.parseStatus('9|what is this?\n10|PEND')).toEqual([
      expect.objectContaining({ schedulerId: '9', state: 'unknown', jobId: null, end: null })
    ]);
    expect(slurm.parseStatus(`${digits}|PENDING|1|2||k3v9x2ab-x|None\n`)).toEqual([]);
    expect(slurm.parseJobId(`Submitted batch job ${digits}\n`)).toBeNull();
  });

  it('is no end', () => {
    const digits = '9'.repeat(400);
    const past = slurm.records?.parse(`9|FAILED|${digits}:${digits}|n1|${digits}`);
    expect(past?.get('9')).toMatchObject({ how: 'failed', at: null, status: null, signal: null });
    const shown =
      'JobId=9 JobName=k3v9x2ab-x JobState=constructor ExitCode=1:0 EndTime=5 NodeList=n1 ';
    expect(slurm.records?.parse(shown).size).toBe(0);
    expect(slurm.records?.parse(shown.replace('constructor', 'FAILED')).get('9')).toMatchObject({
      how: 'failed',
      at: 5,
      status: 1
    });
  });
});
