import type { GpuOption } from '../../api/cluster';
import type { JobSpec } from '../../api/jobSpec';
import type { BatchJob, MpiLaunch, QueueEntry, Scheduler } from '../scheduler';
import { bareDirective, directiveProblems } from './directives';
import { momentOf, parsePast, pastArgv, stateAndEnd } from './ends';
import { limitsArgv, parseLimits } from './limits';
import { waitOf } from './reasons';
import { parseRefusal } from './refusals';

/** Slurm cuts nothing, but its own log of finished jobs is easier to read with short names. */
const NAME_LENGTH = 128;

/**
 * Submits without the variables of a job that we may run in ourselves: they would decide about nodes and tasks. What
 * says which Slurm this is stays, and so do the person's own SBATCH_ defaults, but for those that stand for options that
 * no directive may have either (directives.ts).
 */
const SUBMIT = `for name in \${!SLURM_*}; do
  case $name in SLURM_CONF|SLURM_CLUSTERS) ;; *) unset "$name";; esac
done
unset SBATCH_ARRAY_INX SBATCH_CLUSTERS SBATCH_DEBUG SBATCH_ERROR SBATCH_INPUT SBATCH_JOB_NAME SBATCH_NO_REQUEUE
unset SBATCH_OPEN_MODE SBATCH_OUTPUT SBATCH_REQUEUE SBATCH_SIGNAL SBATCH_TIMELIMIT SBATCH_WAIT
exec "$@"`;

/** A line that names the job that was made. */
const SUBMITTED = /^(?:Submitted batch job )?([1-9]\d{0,18})(?:;\S+| on cluster \S+)?\s*$/;

/**
 * Asks for all jobs of this user. The person's SQUEUE_ defaults would leave some out. squeue may end with 0 although
 * the controller did not answer; then its standard error says so, and nothing is known of any job.
 */
const STATUS = `unset \${!SQUEUE_*}
export SLURM_TIME_FORMAT=%s
{ said=$(squeue "$@" 2>&1 1>&3); } 3>&1
status=$?
printf '%s\\n' "$said" >&2
case $said in *error:*) exit 1;; esac
exit "$status"`;

/** Id, state, expected start, end, nodes, name and reason; only the reason may hold a `|` in a job of ours. */
const FORMAT = '%i|%T|%S|%e|%N|%j|%r';
const LINE = /^([1-9]\d{0,18})\|([A-Z_]+)\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|(.*)$/;

/** A line of a job of which nothing else can be read: it is there. */
const THERE = /^([1-9]\d{0,18})\|/;

/** The longest reason that is kept, in characters. */
const LONGEST_REASON = 1000;

/** Our own id, at the start of the job's name. */
const OURS = /^([a-z][a-z0-9]{7})-/;

/** Slurm, from 22.05 on. */
export const slurm: Scheduler = {
  name: 'slurm',
  // Others that have a command of this name are wrappers that speak as Slurm does.
  detect: { program: 'sbatch', whose: null },
  variables: ['SLURM_CONF', 'SLURM_CLUSTERS'],
  supports: [
    'memoryPerCore',
    'nodes',
    'enginesPerNode',
    'coresPerEngine',
    'launcher',
    'queue',
    'account',
    'qos',
    'reservation',
    'constraint',
    'gpusPerNode',
    'gpuType',
    'email',
    'directives'
  ],
  // A controller that was just started may answer before it knows every job.
  absence: { confirmSeconds: 60, filesSeconds: 180, meansKilled: false },
  queuePace: { firstSeconds: 15, longestSeconds: 60 },
  endSignal: null,
  idWord: '"$SLURM_JOB_ID"',
  directives: job => [
    ...options(job).map(option => `#SBATCH ${directiveWord(option)}`),
    ...job.spec.directives.map(line => `#SBATCH ${bareDirective(line)}`)
  ],
  directiveProblems: job => directiveProblems(job.spec.directives, options(job)),
  submitArgv: job => [
    'bash',
    '-c',
    SUBMIT,
    'submit',
    'sbatch',
    '--parsable',
    '--ignore-pbs',
    ...options(job),
    job.script
  ],
  // What plugins and sites print stands around it; a site's own sbatch may leave out --parsable.
  parseJobId: output => {
    const ids = new Set(output.split('\n').flatMap(line => SUBMITTED.exec(line)?.[1] ?? []));
    return ids.size === 1 ? ([...ids][0] ?? null) : null;
  },
  parseRefusal,
  // Succeeds for a job that is not there any more.
  cancelArgv: ({ schedulerId }) => ['scancel', schedulerId],
  statusArgv: () => [
    'bash',
    '-c',
    STATUS,
    'status',
    '--me',
    '--noheader',
    '--states=all',
    `--format=${FORMAT}`
  ],
  parseStatus: output =>
    output.split('\n').flatMap((line, at, all) => entry(line, at < all.length - 1)),
  records: { argv: pastArgv, parse: parsePast },
  limits: { argv: limitsArgv(), parse: parseLimits },
  launch: spec => ({
    // One engine that ends must not end the others, whatever the site's defaults.
    argv: srun(spec, '--kill-on-bad-exit=0', '--mpi=none'),
    rank: 'SLURM_PROCID',
    nodes: {
      argv: [
        'env',
        // Sizes of one engine's task, and what goes with them, are not those of a node's.
        ...TASK_VARIABLES.flatMap(name => ['-u', name]),
        'srun',
        ...STEP,
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
      bound: ['SLURM_GPUS_PER_TASK', 'SLURM_GPU_BIND', 'SLURM_TRES_PER_TASK', 'SLURM_CPU_BIND'],
      each: {
        rank: ['SLURM_PROCID'],
        local: ['SLURM_LOCALID'],
        all: ['SLURM_NTASKS', 'SLURM_NPROCS', 'SLURM_STEP_NUM_TASKS'],
        job: [...TASK_VARIABLES, 'SLURM_TASKS_PER_NODE', 'SLURM_STEP_TASKS_PER_NODE']
      }
    },
    mpi: mpiLaunch(spec)
  })
};

/** What starts MPI programs at TACC, where it is found; other sites' commands are too many to be known. */
const SITES_OWN = ['ibrun'];

function mpiLaunch(spec: JobSpec): MpiLaunch {
  const { launcher = 'auto' } = spec;
  const plugins = {
    list: ['srun', '--mpi=list'],
    // The others would wait for a rank that has ended until the time limit.
    // With labels, no rank can say what only srun says.
    argv: srun(spec, '--kill-on-bad-exit=1', '--label', '--mpi={plugin}')
  };
  switch (launcher) {
    case 'auto':
      return { plugins, mpiexec: true, own: SITES_OWN };
    case 'srun':
      return { plugins, mpiexec: false, own: null };
    case 'mpiexec':
      return { plugins: null, mpiexec: true, own: null };
    default:
      return { plugins: null, mpiexec: false, own: launcher.trim().split(/ +/) };
  }
}

/** What every step of ours is. */
const STEP = [
  // The notebook's own srun would wait for the end of the engines otherwise.
  '--overlap',
  // It reads the script otherwise.
  '--input=none',
  '--wait=0',
  '--export=ALL'
];

/** What srun would take for options of one engine's task (srun(1), INPUT ENVIRONMENT VARIABLES). */
const TASK_VARIABLES = [
  'SLURM_CPUS_PER_TASK',
  'SRUN_CPUS_PER_TASK',
  'SLURM_NTASKS_PER_CORE',
  'SLURM_NTASKS_PER_GPU',
  'SLURM_NTASKS_PER_NODE',
  'SLURM_NTASKS_PER_SOCKET',
  'SLURM_DISTRIBUTION',
  'SLURM_CORE_SPEC',
  'SLURM_EXACT'
];

function srun(spec: JobSpec, ...options: string[]): string[] {
  return ['srun', ...STEP, ...options, ...layout(spec)];
}

/** What is asked for, as options of sbatch. What was left empty is left to the person's and the site's defaults. */
function options({ id, script, log, spec, gpuOption }: BatchJob): string[] {
  const { account, constraint, email, gpusPerNode, gpuType, memoryPerCoreMb } = spec;
  const { qos, queue, reservation, timeSeconds } = spec;
  return [
    `--job-name=${`${id}-${spec.name}`.slice(0, NAME_LENGTH)}`,
    `--time=${time(timeSeconds)}`,
    ...layout(spec),
    ...option('mem-per-cpu', memoryPerCoreMb, 'M'),
    ...gpus(gpuOption, gpusPerNode, gpuType),
    ...option('partition', queue),
    ...option('account', account),
    ...option('qos', qos),
    ...option('reservation', reservation),
    ...option('constraint', constraint),
    ...(email === undefined ? [] : [`--mail-user=${email}`, '--mail-type=END,FAIL']),
    `--chdir=${script.slice(0, script.lastIndexOf('/'))}`,
    `--output=${outputPattern(log)}`,
    '--open-mode=append',
    '--no-requeue',
    `--signal=B:USR1@${warningSeconds(timeSeconds)}`
  ];
}

/**
 * The engines and where they are. An engine's cores must be said to srun too: it does not inherit them (22.05). A
 * notebook without engines is one task, which can use only what is on its own node.
 */
function layout({ cores, coresPerEngine, engines, enginesPerNode, nodes }: JobSpec): string[] {
  if (engines === 0) {
    return ['--ntasks=1', '--nodes=1', `--cpus-per-task=${cores}`];
  }
  return [
    `--ntasks=${engines}`,
    ...option('nodes', nodes),
    ...option('ntasks-per-node', enginesPerNode),
    `--cpus-per-task=${coresPerEngine}`
  ];
}

/** `--gpus-per-node=a100:4`, or `--gres=gpu:a100:4`; the type may be left out. */
function gpus(by: GpuOption, perNode?: number, type?: string): string[] {
  const asked = perNode === undefined ? undefined : [type, perNode].filter(Boolean).join(':');
  return option(by, asked === undefined || by === 'gpus-per-node' ? asked : `gpu:${asked}`);
}

function option(name: string, value: string | number | undefined, unit = ''): string[] {
  return value === undefined ? [] : [`--${name}=${value}${unit}`];
}

/** `D-HH:MM:SS`; Slurm rounds it up to whole minutes. */
function time(seconds: number): string {
  const two = (part: number): string => String(Math.floor(part)).padStart(2, '0');
  const clock = [(seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${Math.floor(seconds / 86_400)}-${clock}`;
}

/** How long before the limit the warning comes, in seconds; up to half a minute earlier in Slurm 22.05. */
function warningSeconds(limitSeconds: number): number {
  return Math.round(Math.min(120, Math.max(10, limitSeconds / 10)));
}

/**
 * A path in which Slurm replaces nothing: `%` is written twice. A backslash anywhere stands for the character after
 * it, and then `%` is only itself (sbatch, "filename pattern").
 */
function outputPattern(path: string): string {
  return path.includes('\\') ? path.replaceAll('\\', '\\\\') : path.replaceAll('%', '%%');
}

/** One word of a directive: Slurm knows quotes, and backslashes within them (sbatch's opt.c). */
function directiveWord(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`;
}

const UNKNOWN = {
  jobId: null,
  state: 'unknown',
  end: null,
  reason: null,
  wait: null,
  estimatedStart: null
} as const;

/** @param isWhole Whether nothing of the line can be missing. */
function entry(line: string, isWhole: boolean): QueueEntry[] {
  const [, schedulerId, word, start, endedAt, nodes, name, reason] = LINE.exec(line) ?? [];
  if (schedulerId === undefined || word === undefined || name === undefined) {
    const [, there] = THERE.exec(line) ?? [];
    return there === undefined || !isWhole ? [] : [{ ...UNKNOWN, schedulerId: there }];
  }
  const { state, end } = stateAndEnd({
    state: word,
    endedAt: endedAt ?? '',
    nodes: nodes ?? ''
  });
  return [
    {
      schedulerId,
      jobId: OURS.exec(name)?.[1] ?? null,
      state,
      end,
      reason:
        state !== 'queued' || reason === undefined || reason === 'None'
          ? null
          : reason.slice(0, LONGEST_REASON),
      wait: state === 'queued' ? waitOf(word, reason ?? '') : null,
      estimatedStart: state === 'queued' ? momentOf(start ?? '') : null
    }
  ];
}
