import type { GpuOption } from '../../api/cluster';
import type { JobSpec } from '../../api/jobSpec';
import type { BatchJob } from '../scheduler';

/** Slurm cuts nothing, but its own log of finished jobs is easier to read with short names. */
const NAME_LENGTH = 128;

/** What is asked for, as options of sbatch. What was left empty is left to the person's and the site's defaults. */
export function options({ id, script, log, spec, gpuOption }: BatchJob): string[] {
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
export function layout({
  cores,
  coresPerEngine,
  engines,
  enginesPerNode,
  nodes
}: JobSpec): string[] {
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
export function directiveWord(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`;
}
