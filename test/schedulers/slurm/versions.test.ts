import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { JobForm } from '../../../src/api/jobSpec';
import { slurm } from '../../../src/schedulers/slurm/slurm';
import { batchJob } from '../batchJob';
import { recorded } from '../recorded';

/** Each kind of name: in which versions (`all`, `23.02-26.05`), and which: what the recording has. */
const LINES = recorded('slurm_versions/names.txt')
  .trim()
  .split('\n')
  .map(line => line.split(' '));
const VERSIONS = LINES.find(([kind]) => kind === 'versions')?.slice(1) ?? [];

/** All names of a kind in a version. */
function namesIn(version: string, kind: string): string[] {
  return LINES.flatMap(([of, where = '', ...names]) =>
    of === kind && isIn(version, where) ? names : []
  );
}

function isIn(version: string, where: string): boolean {
  const at = VERSIONS.indexOf(version);
  return (
    where === 'all' ||
    where.split(',').some(range => {
      const [first = '', last = first] = range.split('-');
      return VERSIONS.indexOf(first) <= at && at <= VERSIONS.indexOf(last);
    })
  );
}

const EVERYTHING: Partial<JobForm> = {
  cores: 32,
  coresPerEngine: 2,
  nodes: 4,
  enginesPerNode: 4,
  memoryPerCore: '2G',
  gpusPerNode: 1,
  gpuType: 'a100',
  queue: 'main',
  account: 'physics',
  qos: 'high',
  reservation: 'course',
  constraint: 'a&b',
  email: 'ada@example.org'
};
const JOB = batchJob(EVERYTHING);
const LAUNCH = slurm.launch(JOB.spec);

/** What we run, as texts in which programs are named, and the options that follow them. */
const TEXTS = [
  slurm.submitArgv(JOB).join(' '),
  slurm.submitArgv(batchJob(EVERYTHING, { gpuOption: 'gres' })).join(' '),
  ['squeue', ...slurm.statusArgv().slice(4)].join(' '),
  slurm.cancelArgv({ id: 'k3v9x2ab', schedulerId: '7' }).join(' '),
  slurm.records?.argv(['7']).join(' ') ?? '',
  slurm.limits?.argv.join(' ') ?? '',
  LAUNCH.argv.join(' '),
  LAUNCH.nodes?.argv.join(' ') ?? '',
  LAUNCH.mpi.plugins?.argv.join(' ') ?? '',
  LAUNCH.mpi.plugins?.list.join(' ') ?? ''
];

/** `sbatch --time`, for each option in them. */
const USED = [
  ...new Set(
    TEXTS.flatMap(text =>
      [
        ...text.matchAll(/\b(sbatch|squeue|scancel|scontrol|sacct|sacctmgr|srun)\b([^|;\n]*)/g)
      ].flatMap(([, program = '', rest = '']) =>
        [...rest.matchAll(/(?<= )--[a-z-]+/g)].map(([option]) => `${program} ${option}`)
      )
    )
  )
];

it('knows versions from 20.11 on, and what we run of each program', () => {
  expect([VERSIONS.length, VERSIONS[0]]).toEqual([10, '20.11']);
  const programs = [...new Set(USED.map(used => used.split(' ')[0] ?? ''))].toSorted();
  expect(programs).toEqual(['sacct', 'sacctmgr', 'sbatch', 'scontrol', 'squeue', 'srun']);
  expect(USED).toEqual(
    expect.arrayContaining([
      'sbatch --gpus-per-node',
      'sbatch --gres',
      'squeue --me',
      'scontrol --oneliner',
      'sacctmgr --readonly',
      'srun --overlap'
    ])
  );
  expect(USED.length).toBeGreaterThan(45);
});

describe.each(VERSIONS)('Slurm %s', version => {
  it('has each option that we use', () => {
    const missing = USED.filter(used => {
      const [program = '', option = ''] = used.split(' ');
      return !namesIn(version, program).includes(option);
    });
    expect(missing).toEqual([]);
  });

  it('has each field that we ask for', () => {
    const asked = /--format=(JobIDRaw[\w,]*)/.exec(TEXTS.join('\n'))?.[1]?.split(',') ?? [];
    expect(asked).toHaveLength(5);
    expect(namesIn(version, 'sacct-fields')).toEqual(expect.arrayContaining(asked));
    const letters = /--format=(%[%|\w]+)/.exec(TEXTS.join('\n'))?.[1]?.split('|') ?? [];
    expect(letters).toHaveLength(7);
    expect(namesIn(version, 'squeue-letters')).toEqual(expect.arrayContaining(letters));
  });

  it('leaves those of its variables to the person that change nothing of what sbatch does for us', () => {
    const variables = namesIn(version, 'sbatch-variables');
    const said = execFileSync('bash', [...slurm.submitArgv(JOB).slice(1, 4), 'env'], {
      encoding: 'utf8',
      // A bash with a socket as its input reads start-up files.
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        ...Object.fromEntries(variables.map(name => [name, '1']))
      }
    });
    const left = said.match(/^(?:SBATCH|SLURM)_\w+/gm) ?? [];
    expect(left.toSorted()).toEqual(
      variables.filter(name => LEFT_TO_THE_PERSON.includes(name)).toSorted()
    );
  });

  it('is not told by a directive, however short, what would lose the job', () => {
    const all = namesIn(version, 'sbatch');
    const taken = LOSING.filter(option => all.includes(option)).flatMap(option =>
      beginnings(option)
        .filter(short => all.filter(name => name.startsWith(short)).length === 1)
        .filter(short => slurm.directiveProblems(batchJob({ directives: [short] })).length === 0)
    );
    expect(taken).toEqual([]);
  });

  it('has no state of a job without a meaning, but for one that another cluster has now', () => {
    const unknown = namesIn(version, 'states').filter(
      state => slurm.parseStatus(`9|${state}|N/A|N/A|n1|k3v9x2ab-x|None`)[0]?.state === 'unknown'
    );
    expect(unknown).toEqual(['REVOKED']);
  });

  it('has no reason to wait without words that a job of ours could have', () => {
    const unknown = namesIn(version, 'reasons').filter(
      reason => slurm.parseStatus(`9|PENDING|N/A|N/A||k3v9x2ab-x|${reason}`)[0]?.wait === null
    );
    expect(unknown.filter(reason => !WITHOUT_WORDS.includes(reason))).toEqual([]);
  });

  it("gives the process of a node none of the variables that size a task's share", () => {
    const sizes = namesIn(version, 'srun-variables').filter(name =>
      /_PER_TASK$|_NTASKS_PER_/.test(name)
    );
    const { argv = [], bound = {} } = LAUNCH.nodes ?? {};
    // By GPUs, each engine is a task.
    const others = sizes.filter(name => !Object.hasOwn(bound, name));
    expect(argv).toEqual(expect.arrayContaining(others));
    expect(sizes).toContain('SLURM_NTASKS_PER_NODE');
  });
});

describe('the cores of a task, as they stand in SLURM_TRES_PER_TASK since 23.11', () => {
  const pattern = new RegExp(LAUNCH.nodes?.bound['SLURM_TRES_PER_TASK'] ?? '');

  it.each(['', 'cpu:1', 'cpu=1', 'cpu:16'])('bind nothing: %j', value => {
    expect(pattern.test(value)).toBe(false);
    expect(LAUNCH.nodes?.argv).toContain('SLURM_TRES_PER_TASK');
  });

  it.each(['gres/gpu=1', 'gres:gpu:1', 'cpu=2,gres/gpu:a100=1', 'license/matlab=1'])(
    'are not all that is there: %j',
    value => expect(pattern.test(value)).toBe(true)
  );
});

/** Options that a directive must not have (directives.ts), by the names that any version has. */
const LOSING = [
  '--array',
  '--autocomplete',
  '--chdir',
  '--cluster',
  '--clusters',
  '--error',
  '--external',
  '--help',
  '--input',
  '--open-mode',
  '--output',
  '--parsable',
  '--quiet',
  '--requeue',
  '--signal',
  '--test-only',
  '--usage',
  '--version',
  '--wait',
  '--wrap'
];

function beginnings(option: string): string[] {
  return Array.from({ length: option.length - 2 }, (_, index) => option.slice(0, index + 3));
}

/** What a person may want of all jobs, and what says which Slurm this is. */
const LEFT_TO_THE_PERSON = [
  'SBATCH_ACCOUNT',
  'SBATCH_ACCTG_FREQ',
  'SBATCH_BATCH',
  'SBATCH_BURST_BUFFER',
  'SBATCH_CLUSTER_CONSTRAINT',
  'SBATCH_CONSOLIDATE_SEGMENTS',
  'SBATCH_CONSTRAINT',
  'SBATCH_CONTAINER',
  'SBATCH_CONTAINER_ID',
  'SBATCH_CONTAINER_TYPE',
  'SBATCH_CORE_SPEC',
  'SBATCH_CPUS_PER_GPU',
  'SBATCH_CPU_FREQ_REQ',
  'SBATCH_DELAY_BOOT',
  'SBATCH_DISTRIBUTION',
  'SBATCH_EXCLUSIVE',
  'SBATCH_EXPORT',
  'SBATCH_GET_USER_ENV',
  'SBATCH_GPUS',
  'SBATCH_GPUS_PER_NODE',
  'SBATCH_GPUS_PER_SOCKET',
  'SBATCH_GPUS_PER_TASK',
  'SBATCH_GPU_BIND',
  'SBATCH_GPU_FREQ',
  'SBATCH_GRES',
  'SBATCH_GRES_FLAGS',
  'SBATCH_HINT',
  'SBATCH_IGNORE_PBS',
  'SBATCH_MEM_BIND',
  'SBATCH_MEM_PER_CPU',
  'SBATCH_MEM_PER_GPU',
  'SBATCH_MEM_PER_NODE',
  'SBATCH_NETWORK',
  'SBATCH_NO_KILL',
  'SBATCH_OVERCOMMIT',
  'SBATCH_PARTITION',
  'SBATCH_POWER',
  'SBATCH_PROFILE',
  'SBATCH_QOS',
  'SBATCH_REQ_SWITCH',
  'SBATCH_RESERVATION',
  'SBATCH_SEGMENT_SIZE',
  'SBATCH_SPREAD_JOB',
  'SBATCH_SPREAD_SEGMENTS',
  'SBATCH_THREADS_PER_CORE',
  'SBATCH_THREAD_SPEC',
  'SBATCH_TRES_BIND',
  'SBATCH_TRES_PER_TASK',
  'SBATCH_USE_MIN_NODES',
  'SBATCH_WAIT4SWITCH',
  'SBATCH_WAIT_ALL_NODES',
  'SBATCH_WCKEY',
  'SLURM_CLUSTERS'
];

/** Reasons of jobs that have ended, of federations and of machines that are no more; `None` is none. */
const WITHOUT_WORDS = [
  'AccountingPolicy',
  'BlockFreeAction',
  'BlockMaxError',
  'FedJobLock',
  'InactiveLimit',
  'InvaildReason',
  'InvalidReason',
  'JobLaunchFailure',
  'NonZeroExitCode',
  'None',
  'OutOfMemory',
  'RaisedSignal',
  'SystemFailure',
  'TimeLimit'
];
