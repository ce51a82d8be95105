import * as v from 'valibot';
import type { Cluster } from '../../api/cluster';
import { type CheckedPart, ClusterCheck } from '../../api/clusterCheck';
import { fieldProblems } from '../../api/field';
import { Form } from '../../api/jobSpec';
import { PROBLEMS, ProblemError, problem } from '../../api/problem';
import type { ClusterCheckRequest, ClusterChoice } from '../../api/routes';
import { CHECK_SECONDS, type CheckedNeeds, checkScript } from './checkScript';
import { checkedParts } from './checkedParts';
import { checkTransfer } from './checkTransfer';
import type { ClusterSources } from './clusters';
import { type Filled, clusterIn, fillInPart } from './fillIn';
import { type Ways, shellOf } from './shell';
import { behalfOf } from '../remote/asker';
import { commandFailed } from '../remote/failure';
import { runScript } from '../remote/script';

/** The part of a form that counts for what is looked at. */
const Part = v.object({
  environment: Form.entries.environment,
  python: Form.entries.python,
  queue: Form.entries.queue
});

/** What the runner imports, and what it starts. */
const RUNNER = ['nbclient'];
const KERNEL_AND_ENGINES = ['ipykernel', 'ipyparallel'];

/**
 * Looks, in one remote command, whether a cluster can run jobs as the settings and this part of a form have them. Submits
 * nothing, and leaves nothing behind but the base folder.
 *
 * @throws ProblemError for a cluster that cannot be chosen, and fields that are wrong; what is wrong with the cluster
 * itself is the answer.
 */
export async function checkCluster(
  sources: Ways & ClusterSources,
  { asks, caller, form, insists }: ClusterCheckRequest
): Promise<ClusterCheck> {
  let filled: Filled;
  try {
    filled = await fillInPart(
      { caller, form },
      sources,
      behalfOf({ asks, insists: insists ?? false })
    );
  } catch (error) {
    return neverReached(clusterIn(form), error);
  }
  const { cluster } = filled;
  const read = v.safeParse(Part, filled.form);
  if (!read.success) {
    throw problem('invalid-fields', {}, { fields: fieldProblems(read.issues) });
  }
  const shell = shellOf(sources, cluster);
  const { queue = '' } = read.output;
  const { limits } = shell.scheduler;
  const accountsCommand = filled.choice.profile?.accountsCommand ?? null;
  const needs = needsOf(cluster, read.output, { limits, accountsCommand });
  const about = { name: cluster.name, title: cluster.title, scheduler: cluster.scheduler };
  try {
    const environment = caller.environment ?? {};
    const answer = await runScript(shell, {
      body: checkScript(needs),
      timeoutSeconds: CHECK_SECONDS,
      // As a job that is submitted from here would have them.
      ...(Object.keys(environment).length > 0 && { environment })
    });
    if (answer.exitCode !== 0) {
      throw commandFailed(cluster, shell.remote, 'bash', answer);
    }
    const transport = sources.transportOf(cluster);
    const side = { cluster, transport, scheduler: shell.scheduler, needs, queue };
    const { parts, ...choices } = checkedParts(answer.stdout, side);
    const transfer = await checkTransfer(sources, shell, cluster);
    // Texts are cut there, too.
    const all = [
      ...parts.slice(0, 1),
      ...profileParts(filled.choice),
      ...parts.slice(1),
      ...transfer
    ];
    return v.parse(ClusterCheck, { ...about, parts: all, ...choices });
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      throw error;
    }
    const reachable = { what: 'reachable', values: {}, problem: error.problem } as const;
    return { ...about, ...NOTHING_TOLD, parts: [reachable] };
  }
}

/** Of a cluster that has not said what there is to choose from. */
const NOTHING_TOLD = { queues: [], accounts: [], qos: [] };

/** A host that could not be asked what it is, or is none that runs jobs. */
function neverReached(name: string, error: unknown): ClusterCheck {
  if (!(error instanceof ProblemError)) {
    throw error;
  }
  const { problem: why } = error;
  const about = { ...NOTHING_TOLD, name, title: name, scheduler: null };
  if (['no-scheduler', 'several-schedulers'].includes(why.code)) {
    const reachable = { what: 'reachable', values: { host: name }, problem: null } as const;
    return { ...about, parts: [reachable, { what: 'scheduler', values: {}, problem: why }] };
  }
  if (!['way', 'cluster'].includes(PROBLEMS[why.code].lies)) {
    throw error;
  }
  return { ...about, parts: [{ what: 'reachable', values: {}, problem: why }] };
}

/** Whose profile counts, where one does, and why the cluster's own does not. */
function profileParts({ profile, siteProblem }: ClusterChoice): CheckedPart[] {
  if (profile === null && siteProblem === null) {
    return [];
  }
  const tried = profile?.tried === false ? 'no' : '';
  const { origin = '', title = '' } = profile ?? {};
  return [{ what: 'profile', values: { title, origin, tried }, problem: siteProblem }];
}

/** What the script of a job uses (job/script.ts), and the runner in it (job/jobFile.ts). */
function needsOf(
  cluster: Cluster,
  { environment, python }: v.InferOutput<typeof Part>,
  { accountsCommand, limits }: Pick<CheckedNeeds, 'accountsCommand' | 'limits'>
): CheckedNeeds {
  // The notebook's own kernel has what a job needs as much as JupyterLab does: which one that is, a notebook says.
  const isOwnKernel = python === undefined && cluster.kernel === 'notebook';
  return {
    limits,
    // Where jobs start at once, nobody is charged.
    accountsCommand: limits === null ? null : accountsCommand,
    baseFolder: cluster.baseFolder,
    environment: [...cluster.environment, ...environment],
    python: python ?? cluster.python ?? 'python3',
    packages: isOwnKernel ? RUNNER : [...RUNNER, ...KERNEL_AND_ENGINES]
  };
}
