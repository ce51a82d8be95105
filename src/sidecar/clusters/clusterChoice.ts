import { availableParallelism } from 'node:os';
import {
  type Cluster,
  type GpuOption,
  KEEP_DAYS,
  SCHEDULER_TITLES,
  type SchedulerName
} from '../../api/cluster';
import { type JobDefaults, readDefaults } from '../../api/defaults';
import type { FieldProblem } from '../../api/field';
import { type Problem, problem } from '../../api/problem';
import { type ChosenProfile, inFile } from '../../api/profile';
import { ruled } from '../../api/profileRules';
import type { ClusterChoice } from '../../api/routes';
import type { ClusterSettings, NamedCluster } from '../../api/settings';
import { type Profiles, chooseProfile } from '../../profiles/choose';
import { schedulers } from '../../schedulers';
import { fieldsOf } from './fields';
import { SITE_FILE } from './hostFacts';
import { type HostFacts, programsOf, schedulersOf } from './hosts';
import { type OfSettings, wrongIn } from './settingsProblems';
import { BASE_FOLDER, inHome } from './thisMachine';

/** What counts for the form of a cluster, beside what its own settings say. */
export interface FormSources {
  /** What counts where nobody says anything. */
  usual: JobDefaults;
  /** The person's defaults for all clusters. */
  defaults: JobDefaults;
  profiles: Profiles;
  /** The name of the host that people log in to. */
  hostName: string;
}

/** What is known of the machine of the sidecar. */
export interface Near {
  /** The cluster that it is itself. */
  here: Cluster;
  environment: Record<string, string>;
  profiled: FormSources;
}

/** A cluster of the settings on the machine of the sidecar, or why it cannot be chosen. */
export function nearChoice(
  named: NamedCluster,
  { environment, here, profiled }: Near
): ClusterChoice {
  const { name, settings, title } = named;
  // Where jobs start at once there is no site that asks for anything.
  const isBatch = settings?.scheduler !== undefined && settings.scheduler !== 'local';
  const profile = isBatch || settings?.profile ? profileOf(settings, profiled) : null;
  const scheduler = settings?.scheduler ?? 'local';
  const folder = inHome(settings?.baseFolder ?? BASE_FOLDER);
  const about = { named, profile, profiles: profiled.profiles };
  const wrong = wrongIn(about, { scheduler, folder, home: inHome('~'), isKnown: true });
  if (settings === null || wrong.length > 0) {
    return unusable(about, settingsProblem(title, wrong));
  }
  const { python } = settings;
  const cluster: Cluster = {
    ...here,
    name,
    title,
    scheduler,
    environment: settings.environment,
    keepDays: settings.keepDays ?? KEEP_DAYS,
    forkEngines: settings.forkEngines ?? true,
    gpuOption: gpuOptionOf(settings, profile),
    queueSeconds: queueSecondsOf(settings, profile),
    baseFolder: folder,
    ...(scheduler !== 'local' && { variables: variablesOf(scheduler, environment) }),
    ...(python !== undefined && { python, kernel: 'environment' })
  };
  return choiceOf(cluster, {
    profile,
    defaults: defaultsOf(settings, profile, profiled),
    cores: availableParallelism()
  });
}

/**
 * A cluster behind SSH, or why it cannot be chosen. Without facts, as nobody has been on the host yet, all that can
 * be said is said.
 */
export function farChoice(
  named: NamedCluster & { host: string },
  { profiles, ...rest }: FormSources,
  facts: HostFacts | null
): ClusterChoice {
  const { host, name, settings, title } = named;
  const cluster = facts?.site?.ok === true ? facts.site.profile : null;
  const sources = { ...rest, profiles: { ...profiles, cluster } };
  const profile = settings === null ? null : profileOf(settings, sources);
  const asked = settings?.scheduler ?? profile?.scheduler;
  const folder = (settings?.baseFolder ?? BASE_FOLDER).replace(
    /^~(?=\/|$)/,
    () => facts?.home ?? '~'
  );
  const about = { named, profile, profiles: sources.profiles };
  const wrong = wrongIn(about, {
    scheduler: asked,
    folder,
    home: facts?.home ?? '~',
    isKnown: facts !== null
  });
  if (settings === null || wrong.length > 0) {
    return unusable(about, settingsProblem(title, wrong));
  }
  const all = defaultsOf(settings, profile, sources);
  if (facts === null) {
    const form = formFor(fieldsOf(asked), all, profile);
    return { name, title, host, cluster: null, problem: null, ...form, cores: null };
  }
  const [scheduler, ...others] = schedulersOf(facts, asked);
  if (scheduler === undefined) {
    const programs = programsOf(asked);
    return unusable(about, problem('no-scheduler', { cluster: title, programs }).problem);
  }
  if (others.length > 0) {
    return unusable(about, severalProblem(title, [scheduler, ...others]));
  }
  const choice = choiceOf(
    {
      name,
      title,
      host,
      transport: settings.transport ?? 'auto',
      transferHost: settings.transferHost ?? null,
      scheduler,
      baseFolder: folder,
      python: settings.python ?? null,
      kernel: 'environment',
      environment: settings.environment,
      jobsAtOnce: null,
      keepDays: settings.keepDays ?? KEEP_DAYS,
      forkEngines: settings.forkEngines ?? true,
      gpuOption: gpuOptionOf(settings, profile),
      queueSeconds: queueSecondsOf(settings, profile),
      variables: facts.variables
    },
    { profile, defaults: all, cores: null }
  );
  return facts.site?.ok === false
    ? { ...choice, siteProblem: siteProblem(title, facts.site.wrong) }
    : choice;
}

/**
 * A cluster that can be chosen. Defaults that mean nothing to its scheduler, or that its site refuses, are left out: they may be
 * for all clusters, of which some have queues.
 *
 * @param cores How many cores it has, where that is known.
 */
export function choiceOf(
  cluster: Cluster,
  {
    cores,
    defaults,
    profile = null
  }: { cores: number | null; defaults: JobDefaults; profile?: ChosenProfile | null }
): ClusterChoice {
  return {
    name: cluster.name,
    title: cluster.title,
    host: cluster.host,
    cluster,
    problem: null,
    ...formFor(fieldsOf(cluster.scheduler), defaults, profile),
    cores
  };
}

function formFor(
  supported: readonly string[],
  defaults: JobDefaults,
  profile: ChosenProfile | null
): Pick<ClusterChoice, 'defaults' | 'fields' | 'profile' | 'siteProblem'> {
  const { refused } = ruled(profile);
  const fields = supported.filter(field => !Object.hasOwn(refused, field));
  const meant = Object.entries(defaults).filter(([field]) => fields.includes(field));
  return { defaults: Object.fromEntries(meant), fields, profile, siteProblem: null };
}

/** What is filled in: what is locked counts before all, what a person says before what a profile does. */
function defaultsOf(
  settings: ClusterSettings,
  profile: ChosenProfile | null,
  { defaults, usual }: FormSources
): JobDefaults {
  const of = ruled(profile);
  const all = { ...usual, ...of.defaults, ...defaults, ...settings.defaults, ...of.locked };
  // Each was right where it was read.
  return readDefaults(all).defaults;
}

function profileOf(
  { profile }: ClusterSettings,
  { hostName, profiles }: FormSources
): ChosenProfile | null {
  return chooseProfile(profile, hostName, profiles);
}

function gpuOptionOf(settings: ClusterSettings, profile: ChosenProfile | null): GpuOption {
  return settings.gpuOption ?? profile?.gpuOption ?? 'gpus-per-node';
}

/** The longer of the two: what a site asks for is not undercut. */
function queueSecondsOf(settings: ClusterSettings, profile: ChosenProfile | null): number {
  return Math.max(settings.queueSeconds ?? 0, profile?.queueSeconds ?? 0);
}

function siteProblem(cluster: string, fields: FieldProblem[]): Problem {
  return problem('site-file', { cluster, file: SITE_FILE }, { fields: inFile(SITE_FILE, fields) })
    .problem;
}

function settingsProblem(cluster: string, fields: FieldProblem[]): Problem {
  return problem('cluster-settings', { cluster }, { fields }).problem;
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

/** Who may choose another profile sees which it is. */
function unusable(
  { named: { host, name, title }, profile }: OfSettings,
  why: Problem
): ClusterChoice {
  const nothing = { cluster: null, defaults: {}, fields: [], cores: null, siteProblem: null };
  return { name, title, host, problem: why, profile, ...nothing };
}
