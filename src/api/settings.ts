import * as v from 'valibot';
import { GPU_OPTIONS, SCHEDULERS, THIS_MACHINE } from './cluster';
import { BUILT_IN_DEFAULTS, type JobDefaults, readDefaults } from './defaults';
import { type FieldProblem, fieldProblems, says } from './field';
import { filledIn, isFilledIn } from './jobSpec';
import { type Problem, problem } from './problem';
import { type SiteProfile, inFile, parseProfile, readProfile, unreadableProfile } from './profile';
import { absolutePath, line, name } from './text';
import { TRANSPORTS } from './transport';

/** The longest that a job directory can be asked to stay, in days: a hundred years. */
const LONGEST_KEEP_DAYS = 36_500;

/** One cluster of the settings, checked; undefined is what was left empty. */
export type ClusterSettings = Omit<v.InferOutput<typeof Rest>, 'defaults'> & {
  defaults: JobDefaults;
};

/** A cluster that the settings name, whether the rest of it is right or not. */
export interface NamedCluster {
  name: string;
  title: string;
  host: string | null;
  /** null when there is something `wrong`. */
  settings: ClusterSettings | null;
  wrong: FieldProblem[];
}

/** Everything that the settings say. */
export interface Settings {
  /** In the order of the settings; no two have the same name. */
  clusters: NamedCluster[];
  /** What counts on every cluster where nobody says anything: the built-in defaults, but for those that a wrong one was to replace. */
  usual: JobDefaults;
  /** What the person has filled in on every cluster. */
  defaults: JobDefaults;
  /** How many jobs run on This machine at a time; null: as many as its cores hold. */
  jobsAtOnce: number | null;
  /** The site profiles of administrators, those first that count first. */
  profiles: SiteProfile[];
  /** What is wrong beyond a single cluster: fields such as `defaults.time` and `clusters.1.name`. */
  problem: Problem | null;
}

/**
 * Reads a person's settings as they come from anywhere. What is wrong in one place takes nothing else away. Empty
 * fields (null, '', []) count as not set: settings editors and the defaults of schemas fill them in.
 */
export function readSettings(settings: unknown): Settings {
  const read = v.safeParse(All, settings ?? {});
  if (!read.success) {
    const output = JSON.stringify(settings);
    return {
      clusters: [],
      usual: BUILT_IN_DEFAULTS,
      defaults: {},
      jobsAtOnce: null,
      profiles: [],
      problem: invalid([], output)
    };
  }
  const { defaults, wrong } = readDefaults(read.output.defaults);
  const entries = v.safeParse(v.array(v.unknown()), read.output.clusters ?? []);
  const clusters: NamedCluster[] = [];
  const fields = below('defaults', wrong);
  if (!entries.success) {
    fields.push({ field: 'clusters', code: 'list', values: {} });
  }
  const atOnce = read.output.jobsAtOnce;
  const jobsAtOnce = v.safeParse(JobsAtOnce, isFilledIn(atOnce) && atOnce !== 0 ? atOnce : null);
  if (!jobsAtOnce.success) {
    fields.push(...below('jobsAtOnce', fieldProblems(jobsAtOnce.issues)));
  }
  for (const [index, entry] of (entries.success ? entries.output : []).entries()) {
    const found = readCluster(filledIn(entry), clusters);
    if (Array.isArray(found)) {
      fields.push(...below(`clusters.${index}`, found));
    } else {
      clusters.push(found);
    }
  }
  const profiles = readProfiles(read.output);
  fields.push(...profiles.wrong);
  const { unreadable } = read.output;
  const isRight = fields.length === 0 && unreadable === undefined;
  return {
    clusters,
    usual: withoutWrong(BUILT_IN_DEFAULTS, wrong),
    defaults,
    jobsAtOnce: jobsAtOnce.success ? jobsAtOnce.output : null,
    profiles: profiles.right,
    problem: isRight ? null : invalid(fields, unreadable)
  };
}

const All = v.object({
  clusters: v.optional(v.unknown()),
  defaults: v.optional(v.unknown()),
  jobsAtOnce: v.optional(v.unknown()),
  /** Site profiles of `overrides.json`. */
  sites: v.optional(v.unknown()),
  /** Those of files, as the Jupyter server has found them (site_files.py). */
  siteFiles: v.optional(
    v.array(v.object({ file: v.string(), text: v.string(), unreadable: v.optional(v.string()) })),
    []
  ),
  /** Why the settings could not be read, as the Jupyter server says it. */
  unreadable: v.optional(v.string())
});

/** Profiles that are right, and what is wrong with the others: `sites.0.hosts`, or `/etc/x.json: hosts`. */
function readProfiles({ siteFiles, sites }: v.InferOutput<typeof All>): {
  right: SiteProfile[];
  wrong: FieldProblem[];
} {
  const named = isFilledIn(sites) ? sites : [];
  if (!Array.isArray(named)) {
    return { right: [], wrong: [{ field: 'sites', code: 'list', values: {} }] };
  }
  const right: SiteProfile[] = [];
  const wrong: FieldProblem[] = [];
  for (const [index, value] of named.entries()) {
    const read = readProfile(value);
    right.push(...(read.ok ? [read.profile] : []));
    wrong.push(...(read.ok ? [] : below(`sites.${index}`, read.wrong)));
  }
  for (const { file, text, unreadable } of siteFiles) {
    const read = unreadable === undefined ? parseProfile(text) : unreadableProfile(unreadable);
    right.push(...(read.ok ? [read.profile] : []));
    wrong.push(...(read.ok ? [] : inFile(file, read.wrong)));
  }
  return { right, wrong };
}

/** A host as `ssh` takes it: a Host of ~/.ssh/config, a host name or `user@host`. */
const host = v.pipe(line(255), v.regex(/^[A-Za-z0-9_[][^\s]*$/, says('name-characters')));

/** What a cluster is known by. Where this is right, the cluster is listed, even when the rest is wrong. */
const Named = v.looseObject(
  {
    name,
    title: v.fallback(v.nullable(line(128)), null),
    host: v.fallback(v.nullable(host), null)
  },
  says('required')
);

/** A folder on the cluster, in full or below the home folder there. */
const folder = v.pipe(
  line(4096),
  v.check(path => /^(?:\/|~(?:\/|$))/.test(path), says('absolute-path'))
);

/** A number of days; 0 is none. */
const days = v.pipe(
  v.number(says('whole-number')),
  v.integer(says('whole-number')),
  v.minValue(0, says('minimum', { minimum: 0 })),
  v.maxValue(LONGEST_KEEP_DAYS, says('maximum', { maximum: LONGEST_KEEP_DAYS }))
);

/** The longest that the queue can be left alone, in seconds: an hour. */
const LONGEST_QUEUE_SECONDS = 3600;

/** A number of seconds between two questions to the queue. */
const queueSeconds = v.pipe(
  v.number(says('whole-number')),
  v.integer(says('whole-number')),
  v.minValue(1, says('minimum', { minimum: 1 })),
  v.maxValue(LONGEST_QUEUE_SECONDS, says('maximum', { maximum: LONGEST_QUEUE_SECONDS }))
);

/** The most jobs that can be let run at a time. */
const MOST_JOBS_AT_ONCE = 10_000;

const JobsAtOnce = v.nullable(
  v.pipe(
    v.number(says('whole-number')),
    v.integer(says('whole-number')),
    v.minValue(1, says('minimum', { minimum: 1 })),
    v.maxValue(MOST_JOBS_AT_ONCE, says('maximum', { maximum: MOST_JOBS_AT_ONCE }))
  )
);

const Rest = v.strictObject(
  {
    name,
    title: v.optional(line(128)),
    host: v.optional(host),
    scheduler: v.optional(
      v.picklist(SCHEDULERS, says('choice', { choices: SCHEDULERS.join(', ') }))
    ),
    transport: v.optional(
      v.picklist(TRANSPORTS, says('choice', { choices: TRANSPORTS.join(', ') }))
    ),
    transferHost: v.optional(host),
    baseFolder: v.optional(folder),
    python: v.optional(absolutePath),
    environment: v.optional(v.array(line(4096), says('text')), []),
    keepDays: v.optional(days),
    queueSeconds: v.optional(queueSeconds),
    gpuOption: v.optional(
      v.picklist(GPU_OPTIONS, says('choice', { choices: GPU_OPTIONS.join(', ') }))
    ),
    forkEngines: v.optional(v.boolean(says('yes-no'))),
    profile: v.optional(name),
    defaults: v.optional(v.unknown())
  },
  says('unknown')
);

/** What is said of the way to a host says nothing where there is none. */
const Checked = v.pipe(
  Rest,
  v.forward(
    v.partialCheck(
      [['host'], ['transport']],
      ({ host, transport = 'auto' }) => host !== undefined || transport === 'auto',
      says('without-host')
    ),
    ['transport']
  ),
  v.forward(
    v.partialCheck(
      [['host'], ['transferHost']],
      ({ host, transferHost }) => host !== undefined || transferHost === undefined,
      says('without-host')
    ),
    ['transferHost']
  )
);

/** The names of all fields of a cluster. */
export const CLUSTER_FIELDS: readonly string[] = Object.keys(Rest.entries);

/** A cluster, or why it cannot be chosen by any name. */
function readCluster(
  entry: unknown,
  others: readonly NamedCluster[]
): NamedCluster | FieldProblem[] {
  const named = v.safeParse(Named, entry);
  if (!named.success) {
    return fieldProblems(named.issues);
  }
  const { host, name: given, title } = named.output;
  if (given === THIS_MACHINE) {
    return [{ field: 'name', code: 'reserved', values: { given } }];
  }
  if (others.some(other => other.name === given)) {
    return [{ field: 'name', code: 'duplicate', values: { given } }];
  }
  const { defaults, wrong } = readDefaults(named.output['defaults']);
  const read = v.safeParse(Checked, entry);
  return {
    name: given,
    title: title ?? given,
    host,
    settings: read.success && wrong.length === 0 ? { ...read.output, defaults } : null,
    wrong: [...fieldProblems(read.issues ?? []), ...below('defaults', wrong)]
  };
}

/** Defaults but for those in whose place something wrong was said. */
function withoutWrong(defaults: JobDefaults, wrong: readonly FieldProblem[]): JobDefaults {
  const names = wrong.map(({ field }) => field.split('.')[0]);
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => !names.includes(name)));
}

function below(parent: string, fields: readonly FieldProblem[]): FieldProblem[] {
  return fields.map(({ field, ...rest }) => ({
    field: field === '' ? parent : `${parent}.${field}`,
    ...rest
  }));
}

function invalid(fields: FieldProblem[], output: string | undefined): Problem {
  return problem(
    'settings-invalid',
    {},
    {
      ...(fields.length > 0 && { fields }),
      ...(output !== undefined && { details: { output: output.slice(0, 2000) } })
    }
  ).problem;
}
