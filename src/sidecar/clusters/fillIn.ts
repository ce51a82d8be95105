import * as v from 'valibot';
import { Cluster, THIS_MACHINE } from '../../api/cluster';
import { withDefaults } from '../../api/defaults';
import { type FieldProblem, fieldProblems } from '../../api/field';
import { filledIn } from '../../api/jobSpec';
import { type Problem, ProblemError, problem } from '../../api/problem';
import type { ClusterChoice, SubmitRequest } from '../../api/routes';
import { readSettings } from '../../api/settings';
import type { Behalf } from '../remote/asker';
import { type ClusterSources, reachCluster } from './clusters';

/** A form with its empty fields filled in, the cluster that it asks for, and what is wrong with the settings as a whole. */
export interface Filled {
  cluster: Cluster;
  choice: ClusterChoice;
  form: unknown;
  whole: Problem | null;
}

/**
 * The cluster that a form asks for, and the form with its empty fields filled in out of what the settings say. The
 * form is not checked here.
 *
 * @param behalf For whom its host is reached.
 * @throws ProblemError for a cluster that cannot be chosen, and for settings that are needed and not right.
 */
export async function fillIn(
  request: SubmitRequest,
  sources: ClusterSources,
  behalf: Behalf
): Promise<{ choice: ClusterChoice; cluster: Cluster; form: unknown }> {
  const { choice, cluster, form, whole } = await fillInPart(request, sources, behalf);
  const fields = (whole?.fields ?? []).filter(wrong => isMissing(wrong, choice, form));
  if (fields.length > 0) {
    throw problem('settings-invalid', {}, { fields });
  }
  return { choice, cluster, form };
}

/**
 * The same for a part of a form, to which settings that are not right may mean nothing.
 *
 * @throws ProblemError for a cluster that cannot be chosen.
 */
export async function fillInPart(
  { form, caller }: SubmitRequest,
  sources: ClusterSources,
  behalf: Behalf
): Promise<Filled> {
  const { problem: whole } = readSettings(caller.settings);
  const name = clusterIn(form);
  const choice = await reachCluster(name, caller, sources, behalf);
  if (!choice) {
    throw unknownCluster(name, whole);
  }
  const cluster = clusterOf(choice);
  return { choice, cluster, form: withDefaults(form, choice.defaults), whole };
}

const Named = v.object({ cluster: v.string() });

/** The cluster that a form names. */
export function clusterIn(form: unknown): string {
  const read = v.safeParse(Named, filledIn(form));
  return read.success ? read.output.cluster : THIS_MACHINE;
}

/** Settings that cannot be read may well have it. */
function unknownCluster(name: string, whole: Problem | null): ProblemError {
  const isAboutDefaults =
    whole?.fields?.every(({ field }) => field.startsWith('defaults')) ?? false;
  return whole === null || isAboutDefaults
    ? problem('unknown-cluster', { cluster: name })
    : new ProblemError(whole);
}

function clusterOf(choice: ClusterChoice): Cluster {
  if (choice.problem !== null) {
    throw new ProblemError(choice.problem);
  }
  const read = v.safeParse(Cluster, choice.cluster);
  if (!read.success) {
    throw problem('invalid-fields', {}, { fields: fieldProblems(read.issues) });
  }
  return read.output;
}

/** Whether a default for all clusters is wrong, and nothing else says what counts instead. */
function isMissing({ field }: FieldProblem, { fields }: ClusterChoice, filled: unknown): boolean {
  const [parent, top = ''] = field.split('.');
  const isFilled = typeof filled === 'object' && filled !== null && Object.hasOwn(filled, top);
  return parent === 'defaults' && fields.includes(top) && !isFilled;
}
