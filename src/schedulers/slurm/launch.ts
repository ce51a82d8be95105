import type { JobSpec } from '../../api/jobSpec';
import type { Launch, MpiLaunch } from '../scheduler';
import { layout } from './options';

/** How srun starts engines in the allocation: each as a task of its own, by one process a node, or as MPI ranks. */
export function launch(spec: JobSpec): Launch {
  return {
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
      bound: BOUND,
      each: {
        rank: ['SLURM_PROCID'],
        local: ['SLURM_LOCALID'],
        all: ['SLURM_NTASKS', 'SLURM_NPROCS', 'SLURM_STEP_NUM_TASKS'],
        job: [...TASK_VARIABLES, 'SLURM_TASKS_PER_NODE', 'SLURM_STEP_TASKS_PER_NODE']
      }
    },
    mpi: mpiLaunch(spec)
  };
}

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
  // Each mpiexec knows Slurm, or its srun.
  const only: MpiLaunch = { plugins: null, mpiexec: false, agent: null, own: null };
  switch (launcher) {
    case 'auto':
      return { ...only, plugins, mpiexec: true, own: SITES_OWN };
    case 'srun':
      return { ...only, plugins };
    case 'mpiexec':
      return { ...only, mpiexec: true };
    default:
      return { ...only, own: launcher.trim().split(/ +/) };
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

/**
 * What binds GPUs and cores to tasks, or gives each its own. Since 23.11 the cores of a task stand in SLURM_TRES_PER_TASK, too, for each job
 * that asks for some (slurm_opt.c: `cpu:1`, and `cpu=1` since 24.05): they bind nothing.
 */
const BOUND = {
  SLURM_GPUS_PER_TASK: '.',
  SLURM_GPU_BIND: '.',
  SLURM_TRES_BIND: '.',
  SLURM_TRES_PER_TASK: '(?:^|,)(?!cpu[:=])[^,]',
  SLURM_CPU_BIND: '.'
};

function srun(spec: JobSpec, ...options: string[]): string[] {
  return ['srun', ...STEP, ...options, ...layout(spec)];
}
