import * as v from 'valibot';
import { Cluster, THIS_MACHINE } from '../api/cluster';
import { withDefaults } from '../api/defaults';
import { type FieldProblem, fieldProblems } from '../api/field';
import { filledIn } from '../api/jobSpec';
import { type Problem, ProblemError, problem } from '../api/problem';
import type { ClusterChoice, SubmitRequest } from '../api/routes';
import { readSettings } from '../api/settings';
import { type ClusterSources, reachCluster } from './clusters';

/**
 * The cluster that a form asks for, and the form with its empty fields filled in out of what the settings say. The
 * form is not checked here.
 *
 * @param insists Whether a person has asked for just this, so that a host that has refused us is asked again.
 * @throws ProblemError for a cluster that cannot be chosen, and for settings that are needed and not right.
 */
export async function fillIn(
  { form, caller }: SubmitRequest,
  sources: ClusterSources,
  insists: boolean
): Promise<{ cluster: Cluster; form: unknown }> {
  const { problem: whole } = readSettings(caller.settings);
  const name = clusterIn(form);
  const choice = await reachCluster(name, caller, sources, insists);
  if (!choice) {
    throw unknownCluster(name, whole);
  }
  const cluster = clusterOf(choice);
  const filled = withDefaults(form, choice.defaults);
  const fields = (whole?.fields ?? []).filter(wrong => isMissing(wrong, choice, filled));
  if (fields.length > 0) {
    throw problem('settings-invalid', {}, { fields });
  }
  return { cluster, form: filled };
}

const Named = v.object({ cluster: v.string() });

function clusterIn(form: unknown): string {
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
