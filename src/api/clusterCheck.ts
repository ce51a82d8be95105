import * as v from 'valibot';
import { finite, line } from './bounds';
import { AnyProblem, type Problem, type ProblemError, problem } from './problem';

/** What a check looks at, in the order in which a job needs it. */
export const CHECKED = [
  'reachable',
  'scheduler',
  'queues',
  'base-folder',
  'environment',
  'python',
  'packages',
  'transfer-host',
  // Something that a newer service looks at.
  'other'
] as const;

/** A queue (Slurm: partition) of a cluster. */
export const Queue = v.object({
  name: line,
  /** Whether jobs that name no queue go there. */
  isDefault: v.boolean(),
  /** The longest time that a job may ask for, in seconds; null: without a limit of its own, or with one that is not told. */
  limitSeconds: v.nullable(finite),
  /** Whether it takes and starts jobs of this person, as far as the scheduler tells. */
  isUsable: v.boolean()
});
export type Queue = v.InferOutput<typeof Queue>;

/** One thing that was looked at: what was found, or what is wrong with it. */
export const CheckedPart = v.object({
  what: v.fallback(v.picklist(CHECKED), 'other'),
  /**
   * `reachable`: host, and transport, reason, detail (transport.ts) of a connection; `scheduler`: version, empty where it has none; `base-folder`: folder, freeBytes;
   * `transfer-host`: as `reachable`; `environment`:
   * lines, their number; `python`: python, version; `packages`: packages, as `nbclient 0.10.2, ipykernel 6.29.5`.
   */
  values: v.record(v.string(), v.union([line, finite])),
  problem: v.nullable(AnyProblem)
});
export type CheckedPart = v.InferOutput<typeof CheckedPart>;

/** What the check of a cluster told. What could not be looked at, because the cluster is out of reach, is not in it. */
export const ClusterCheck = v.object({
  name: v.string(),
  title: v.string(),
  /** By its name here (`slurm`); null: not known, as nobody has been there. */
  scheduler: v.nullable(line),
  parts: v.array(CheckedPart),
  /** As the scheduler lists them; empty where it has none. */
  queues: v.array(Queue)
});
export type ClusterCheck = v.InferOutput<typeof ClusterCheck>;

/** Everything that is wrong with a cluster, by this check. */
export function checkProblems({ parts }: ClusterCheck): Problem[] {
  return parts.flatMap(({ problem }) => problem ?? []);
}

/** What is wrong with asking for this queue, or these (`main,short`); null when nothing is, or no queues are known. */
export function queueProblem(queues: readonly Queue[], asked: string): ProblemError | null {
  const usable = queues.filter(({ isUsable }) => isUsable).map(({ name }) => name);
  const wrong = namesIn(asked).filter(name => !usable.includes(name));
  return queues.length === 0 || wrong.length === 0
    ? null
    : problem('queue-unusable', { queue: wrong.join(', '), queues: usable.join(', ') });
}

/**
 * The longest time, in seconds, that a job may ask for in this queue, or in the best of several (`main,short`); null
 * where nothing limits it, or nothing is known. Without a name the default queue counts.
 */
export function longestTime(queues: readonly Queue[], asked: string): number | null {
  const names = namesIn(asked);
  const limits = queues
    .filter(({ isDefault, name }) => (names.length === 0 ? isDefault : names.includes(name)))
    .map(({ limitSeconds }) => limitSeconds);
  return limits.length === 0 || limits.includes(null)
    ? null
    : Math.max(...limits.map(limit => limit ?? 0));
}

function namesIn(asked: string): string[] {
  return asked
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
}
