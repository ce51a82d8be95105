import * as v from 'valibot';
import { finite, line } from './bounds';
import { AnyProblem, type Problem, type ProblemError, problem } from './problem';

/** What a check looks at, in the order in which a job needs it. */
export const CHECKED = [
  'reachable',
  'profile',
  'scheduler',
  'queues',
  'accounts',
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

/** An account (Grid Engine: project) that jobs of this person may name. */
export const Account = v.object({
  name: line,
  /** The queues that surely do not take it. */
  notIn: v.array(line),
  /** The QoS that its jobs may name; empty: not told, or none. */
  qos: v.array(line),
  /** The QoS of its jobs that name none, where that is told. */
  defaultQos: v.nullable(line),
  /** What the site says of it, such as hours that are left. */
  words: v.optional(line)
});
export type Account = v.InferOutput<typeof Account>;

/** How many accounts are told of one source: more than anybody chooses from. A list that is as long may lack some. */
export const MOST_ACCOUNTS = 200;

/** A QoS that jobs of this person may name, with one of their accounts. */
export const Qos = v.object({
  name: line,
  /** The queues that surely do not take it. */
  notIn: v.array(line)
});
export type Qos = v.InferOutput<typeof Qos>;

/** One thing that was looked at: what was found, or what is wrong with it. */
export const CheckedPart = v.object({
  what: v.fallback(v.picklist(CHECKED), 'other'),
  /**
   * `reachable`: host, and transport, reason, detail (transport.ts) of a connection; `scheduler`: version, empty where it has none; `base-folder`: folder, freeBytes;
   * `profile`: title, origin and tried (`no` where nobody has) of a site profile; `transfer-host`: as `reachable`; `environment`:
   * lines, their number; `python`: python, version; `packages`: packages, as `nbclient 0.10.2, ipykernel 6.29.5`.
   */
  values: v.record(v.string(), v.union([line, finite])),
  problem: v.nullable(AnyProblem),
  /** What is not as it should be and keeps no job from running. */
  warning: v.optional(v.nullable(AnyProblem))
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
  queues: v.array(Queue),
  /** Those of this person; empty where nothing tells. */
  accounts: v.optional(v.array(Account), []),
  qos: v.optional(v.array(Qos), [])
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

/** What does not go together of what a job asks for, as far as the cluster's check has told. */
export type Mismatch =
  /** None of this person's. */
  | { code: 'not-yours'; yours: string[] }
  /** No QoS of this account. */
  | { code: 'not-of-account'; account: string }
  /** No queue that was asked for takes it. */
  | { code: 'not-in-queue'; queue: string };

/** What is asked for beside each other; empty: nothing. */
export interface Asked {
  queue: string;
  account: string;
  qos: string;
}

/** What there is to choose from on a cluster, as its check has told. */
export type Told = Pick<ClusterCheck, 'accounts' | 'qos' | 'queues'>;

/** What the account that is asked for does not go with; null: nothing that is known. The batch system has the last word. */
export function accountMismatch(told: Told, { account, queue }: Asked): Mismatch | null {
  const { accounts } = told;
  const name = account.trim();
  if (name === '' || accounts.length === 0) {
    return null;
  }
  const found = accounts.find(each => isSame(each.name, name));
  if (found !== undefined) {
    return queueMismatch(told, found.notIn, queue);
  }
  return accounts.length < MOST_ACCOUNTS
    ? { code: 'not-yours', yours: accounts.map(each => each.name) }
    : null;
}

/** The same of the QoS. */
export function qosMismatch(told: Told, { account, qos, queue }: Asked): Mismatch | null {
  const name = qos.trim();
  if (name === '' || told.qos.length === 0) {
    return null;
  }
  const found = told.qos.find(each => isSame(each.name, name));
  if (found === undefined) {
    return { code: 'not-yours', yours: told.qos.map(each => each.name) };
  }
  const payer = told.accounts.find(each => isSame(each.name, account.trim()));
  return payer !== undefined && payer.qos.length > 0 && !payer.qos.includes(found.name)
    ? { code: 'not-of-account', account: payer.name }
    : queueMismatch(told, found.notIn, queue);
}

/** Without a name the default queue counts. */
function queueMismatch({ queues }: Told, notIn: readonly string[], asked: string): Mismatch | null {
  const named = namesIn(asked);
  const names =
    named.length > 0 ? named : queues.filter(each => each.isDefault).map(each => each.name);
  return names.length > 0 && names.every(name => notIn.includes(name))
    ? { code: 'not-in-queue', queue: names.join(', ') }
    : null;
}

/** Whether two names mean the same: Slurm writes all of them small, and takes them as they come. */
export function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function namesIn(asked: string): string[] {
  return asked
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
}
