import { availableParallelism } from 'node:os';
import type { Cluster } from '../api/cluster';
import type { JobDefaults } from '../api/defaults';
import type { FieldProblem } from '../api/field';
import { type Problem, problem } from '../api/problem';
import type { ClusterChoice } from '../api/routes';
import type { ClusterSettings, NamedCluster } from '../api/settings';
import { schedulers } from '../schedulers';
import { fieldsFor } from './fields';
import { inHome } from './thisMachine';

/** A cluster of the settings, as it can be chosen, or why it cannot. `here` is This machine, which it lies on. */
export function namedChoice(
  named: NamedCluster,
  here: Cluster,
  defaults: JobDefaults
): ClusterChoice {
  const { host, name, settings, title, wrong } = named;
  if (host !== null) {
    return unusable(named, problem('host-unsupported', { cluster: title, host }).problem);
  }
  const fields = settings === null ? wrong : meaningless(settings, title);
  if (settings === null || fields.length > 0) {
    return unusable(named, problem('cluster-settings', { cluster: title }, { fields }).problem);
  }
  const { baseFolder, environment, python, scheduler } = settings;
  const cluster: Cluster = {
    ...here,
    name,
    title,
    scheduler,
    environment,
    ...(baseFolder !== undefined && { baseFolder: inHome(baseFolder) }),
    ...(python !== undefined && { python, kernel: 'environment' })
  };
  return choiceOf(cluster, { ...defaults, ...settings.defaults });
}

/**
 * A cluster that can be chosen. Defaults that mean nothing to its scheduler are left out: they may be for all clusters,
 * of which some have queues.
 */
export function choiceOf(cluster: Cluster, defaults: JobDefaults): ClusterChoice {
  const fields = fieldsFor(schedulers[cluster.scheduler]);
  return {
    name: cluster.name,
    title: cluster.title,
    cluster,
    problem: null,
    defaults: Object.fromEntries(
      Object.entries(defaults).filter(([field]) => fields.includes(field))
    ),
    fields,
    cores: availableParallelism()
  };
}

function unusable({ name, title }: NamedCluster, why: Problem): ClusterChoice {
  return { name, title, cluster: null, problem: why, defaults: {}, fields: [], cores: null };
}

/** A cluster's own defaults are for its own scheduler. */
function meaningless({ defaults, scheduler }: ClusterSettings, title: string): FieldProblem[] {
  const fields = fieldsFor(schedulers[scheduler]);
  return Object.keys(defaults)
    .filter(field => !fields.includes(field))
    .map(field => ({
      field: `defaults.${field}`,
      code: 'unsupported',
      values: { cluster: title }
    }));
}
