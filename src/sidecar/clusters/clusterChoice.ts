import { availableParallelism } from 'node:os';
import {
  type Cluster,
  KEEP_DAYS,
  SCHEDULERS,
  SCHEDULER_TITLES,
  type SchedulerName
} from '../../api/cluster';
import type { JobDefaults } from '../../api/defaults';
import type { FieldProblem } from '../../api/field';
import { type Problem, problem } from '../../api/problem';
import type { ClusterChoice } from '../../api/routes';
import type { ClusterSettings, NamedCluster } from '../../api/settings';
import { schedulers } from '../../schedulers';
import { fieldsFor } from './fields';
import { type HostFacts, programsOf, schedulersOf } from './hosts';
import { BASE_FOLDER, inHome } from './thisMachine';

/** A cluster of the settings on the machine of the sidecar (`here`, its own cluster), or why it cannot be chosen. */
export function nearChoice(
  named: NamedCluster,
  here: Cluster,
  defaults: JobDefaults,
  environment: Record<string, string>
): ClusterChoice {
  const { name, settings, title } = named;
  const scheduler = settings?.scheduler ?? 'local';
  const fields = wrongIn(named, scheduler);
  if (settings === null || fields.length > 0) {
    return unusable(named, problem('cluster-settings', { cluster: title }, { fields }).problem);
  }
  const { baseFolder, python } = settings;
  const cluster: Cluster = {
    ...here,
    name,
    title,
    scheduler,
    environment: settings.environment,
    keepDays: settings.keepDays ?? KEEP_DAYS,
    forkEngines: settings.forkEngines ?? true,
    gpuOption: settings.gpuOption ?? 'gpus-per-node',
    queueSeconds: settings.queueSeconds ?? 0,
    ...(scheduler !== 'local' && { variables: variablesOf(scheduler, environment) }),
    ...(baseFolder !== undefined && { baseFolder: inHome(baseFolder) }),
    ...(python !== undefined && { python, kernel: 'environment' })
  };
  return choiceOf(cluster, { ...defaults, ...settings.defaults }, availableParallelism());
}

/**
 * A cluster behind SSH, or why it cannot be chosen. Without facts, as nobody has been on the host yet, all that can
 * be said is said.
 */
export function farChoice(
  named: NamedCluster & { host: string },
  defaults: JobDefaults,
  facts: HostFacts | null
): ClusterChoice {
  const { host, name, settings, title } = named;
  const fields = wrongIn(named, settings?.scheduler);
  if (settings === null || fields.length > 0) {
    return unusable(named, problem('cluster-settings', { cluster: title }, { fields }).problem);
  }
  const all = { ...defaults, ...settings.defaults };
  if (facts === null) {
    const taken = fieldsOf(settings.scheduler);
    return { name, title, host, cluster: null, problem: null, ...formFor(taken, all), cores: null };
  }
  const [scheduler, ...others] = schedulersOf(facts, settings.scheduler);
  if (scheduler === undefined) {
    const programs = programsOf(settings.scheduler);
    return unusable(named, problem('no-scheduler', { cluster: title, programs }).problem);
  }
  if (others.length > 0) {
    return unusable(named, severalProblem(title, [scheduler, ...others]));
  }
  const cluster: Cluster = {
    name,
    title,
    host,
    transport: settings.transport ?? 'auto',
    transferHost: settings.transferHost ?? null,
    scheduler,
    baseFolder: (settings.baseFolder ?? BASE_FOLDER).replace(/^~(?=\/|$)/, () => facts.home),
    python: settings.python ?? null,
    kernel: 'environment',
    environment: settings.environment,
    jobsAtOnce: null,
    keepDays: settings.keepDays ?? KEEP_DAYS,
    forkEngines: settings.forkEngines ?? true,
    gpuOption: settings.gpuOption ?? 'gpus-per-node',
    queueSeconds: settings.queueSeconds ?? 0,
    variables: facts.variables
  };
  return choiceOf(cluster, all, null);
}

/**
 * A cluster that can be chosen. Defaults that mean nothing to its scheduler are left out: they may be for all clusters,
 * of which some have queues.
 *
 * @param cores How many cores it has, where that is known.
 */
export function choiceOf(
  cluster: Cluster,
  defaults: JobDefaults,
  cores: number | null
): ClusterChoice {
  return {
    name: cluster.name,
    title: cluster.title,
    host: cluster.host,
    cluster,
    problem: null,
    ...formFor(fieldsOf(cluster.scheduler), defaults),
    cores
  };
}

function formFor(
  fields: string[],
  defaults: JobDefaults
): Pick<ClusterChoice, 'defaults' | 'fields'> {
  const meant = Object.entries(defaults).filter(([field]) => fields.includes(field));
  return { defaults: Object.fromEntries(meant), fields };
}

/** The fields that mean something to a scheduler, or to any of them, as long as it is not known which it is. */
function fieldsOf(scheduler: SchedulerName | undefined): string[] {
  const possible = scheduler === undefined ? SCHEDULERS : [scheduler];
  return [...new Set(possible.flatMap(name => fieldsFor(schedulers[name])))];
}

function variablesOf(
  scheduler: SchedulerName,
  environment: Record<string, string>
): Record<string, string> {
  const names = ['PATH', ...schedulers[scheduler].variables];
  return Object.fromEntries(Object.entries(environment).filter(([name]) => names.includes(name)));
}

/** Which of them jobs are for, nobody but the person can know. */
function severalProblem(cluster: string, found: readonly SchedulerName[]): Problem {
  return problem('several-schedulers', {
    cluster,
    schedulers: found.map(name => SCHEDULER_TITLES[name]).join(', '),
    names: found.join(', ')
  }).problem;
}

function unusable({ host, name, title }: NamedCluster, why: Problem): ClusterChoice {
  return { name, title, host, cluster: null, problem: why, defaults: {}, fields: [], cores: null };
}

/** What is wrong with a cluster's settings. Its own defaults are for its own scheduler. */
function wrongIn(
  { settings, title, wrong }: NamedCluster,
  scheduler: SchedulerName | undefined
): FieldProblem[] {
  return settings === null ? wrong : meaningless(settings, fieldsOf(scheduler), title);
}

function meaningless(
  { defaults }: ClusterSettings,
  fields: readonly string[],
  title: string
): FieldProblem[] {
  return Object.keys(defaults)
    .filter(field => !fields.includes(field))
    .map(field => ({
      field: `defaults.${field}`,
      code: 'unsupported',
      values: { cluster: title }
    }));
}
