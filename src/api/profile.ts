import * as v from 'valibot';
import { GPU_OPTIONS, SCHEDULERS } from './cluster';
import { type FieldCode, type FieldProblem, fieldProblems, says } from './field';
import { FIELDS, FIELD_NAMES, type FieldName } from './fields';
import { filledIn } from './jobSpec';
import { count } from './fieldSchemas';
import { absolutePath, line, name } from './text';

/** The word for no profile, in the setting of a cluster. */
export const NO_PROFILE = 'none';

/** Where a profile comes from, those first that count first. */
export const PROFILE_ORIGINS = ['administrator', 'cluster', 'shipped'] as const;
export type ProfileOrigin = (typeof PROFILE_ORIGINS)[number];

/** How the nodes of a cluster see the home folder. */
export const HOMES = ['yes', 'read-only', 'no'] as const;

/** The batch systems that a profile may name: never the one that starts jobs where people log in. */
export const BATCH_SYSTEMS = SCHEDULERS.filter(scheduler => scheduler !== 'local');

/** How much a profile may say of one thing, in characters. */
const LONGEST_TEXT = 500;

/** How many entries a list of it may have. */
const MOST_ENTRIES = 100;

/** The longest that a profile may have a queue left alone, in seconds: an hour. */
const LONGEST_PAUSE = 3600;

/** What is wrong with the keys of an object, or that it is none. */
const keys = ({ expected }: { expected: string | null }): string =>
  says(expected === 'never' ? 'unknown' : expected === 'Object' ? 'object' : 'required');

const text = line(LONGEST_TEXT);

const list = <S extends v.GenericSchema>(entry: S) =>
  v.pipe(
    v.array(entry, says('list')),
    v.maxLength(MOST_ENTRIES, says('too-many', { maximum: MOST_ENTRIES }))
  );

/** Values by a name each; a list is none, though its numbers would do for names. */
const byName = <K extends v.GenericSchema<string, string>, S extends v.GenericSchema>(
  key: K,
  value: S
) =>
  v.pipe(
    v.unknown(),
    v.check(given => !Array.isArray(given), says('object')),
    v.record(key, value, says('object'))
  );

const yesNo = v.boolean(says('yes-no'));

/** Letters, digits, `.` and `-`; `*` stands for anything within one part of a host's name. */
const hostPattern = v.pipe(line(255), v.regex(/^[a-z0-9*.-]+$/, says('host-pattern')));

/** An address that a page may link to. */
const webAddress = v.pipe(
  line(LONGEST_TEXT),
  v.regex(/^(?:https?:\/\/|mailto:)[^\s"'<>\\]+$/, says('web-address'))
);

const day = v.pipe(line(10), v.isoDate(says('day')));

/** The fields that a profile may say something of: what a site asks of a job, nothing of the person's own files and results. */
export const PROFILE_FIELDS = FIELD_NAMES.filter(
  field =>
    field === 'email' ||
    (field !== 'notebook' &&
      field !== 'cluster' &&
      ['top', 'engines', 'queue', 'environment'].includes(FIELDS[field].group))
);

/** What a profile says of one field. */
export interface FieldRule {
  /** Nothing is submitted without it. */
  required?: boolean | undefined;
  /** Why the site takes no job with it. */
  refused?: string | undefined;
  /** What counts where nobody fills it in, as it stands in a form. */
  default?: unknown;
  /** `default` counts, whatever anybody fills in. */
  locked?: boolean | undefined;
  /** Values to choose from, each with what is to be said of it; others may be typed. */
  choices?: Record<string, string> | undefined;
  /** What a person has to know who fills it in. */
  note?: string | undefined;
}

/** Rules of one field, whose default is right for it. */
function ruleOf(field: FieldName): v.GenericSchema<unknown, FieldRule> {
  const { schema }: { schema: v.GenericSchema } = FIELDS[field];
  return v.pipe(
    v.strictObject(
      {
        required: v.optional(yesNo),
        refused: v.optional(text),
        default: v.optional(
          v.pipe(
            v.unknown(),
            v.rawCheck(({ addIssue, dataset }) => {
              const wrong = dataset.typed ? v.safeParse(schema, dataset.value).issues : undefined;
              wrong?.forEach(({ message }) => addIssue({ message }));
            })
          )
        ),
        locked: v.optional(yesNo),
        choices: v.optional(byName(line(128), v.string(says('text')))),
        note: v.optional(text)
      },
      keys
    ),
    v.check(rule => rule.refused === undefined || Object.keys(rule).length === 1, says('refused')),
    v.check(
      rule => rule.locked !== true || rule.default !== undefined,
      says('locked-without-default')
    )
  );
}

const rules = Object.fromEntries(
  PROFILE_FIELDS.map(field => [field, v.optional(ruleOf(field))])
) as Record<FieldName, v.OptionalSchema<v.GenericSchema<unknown, FieldRule>, undefined>>;

/**
 * What the documents of a site say of jobs there: data, out of which a form is filled in, checked and explained. Only the name is
 * needed; what a site does not say is left out.
 */
export const SiteProfile = v.strictObject(
  {
    $schema: v.optional(line(LONGEST_TEXT)),
    name: v.pipe(
      name,
      v.check(given => given !== NO_PROFILE, says('reserved', { given: NO_PROFILE }))
    ),
    title: v.optional(line(128)),
    /** The hosts that people log in to, in small letters; none: where a setting names the profile. */
    hosts: v.optional(list(hostPattern), []),
    /** false: it is made of the site's documents, and nobody has submitted a job by it. */
    tried: v.optional(yesNo),
    /** Where it was read, and when that was of. */
    sources: v.optional(list(v.strictObject({ url: webAddress, date: day }, keys)), []),
    scheduler: v.optional(
      v.picklist(BATCH_SYSTEMS, says('choice', { choices: BATCH_SYSTEMS.join(', ') }))
    ),
    gpuOption: v.optional(
      v.picklist(GPU_OPTIONS, says('choice', { choices: GPU_OPTIONS.join(', ') }))
    ),
    fields: v.optional(v.strictObject(rules, keys), {}),
    nodes: v.optional(
      v.strictObject(
        {
          /** A job has to say how many it wants. */
          required: v.optional(yesNo),
          /** A job gets each of its nodes whole, and pays for it: in every queue, or in these. */
          whole: v.optional(v.union([v.boolean(), list(line(128))], says('yes-no'))),
          /** How many cores one has: in every queue, or by the queue. */
          cores: v.optional(
            v.union([count(10_000), byName(line(128), count(10_000))], says('whole-number'))
          )
        },
        keys
      ),
      {}
    ),
    /** Options of the batch system, without dashes, that no line of the person's may have, each with why. */
    refusedOptions: v.optional(
      byName(v.pipe(line(64), v.regex(/^[a-z][a-z-]*$/, says('name-characters'))), text),
      {}
    ),
    /** How compute nodes see the home folder. */
    home: v.optional(v.picklist(HOMES, says('choice', { choices: HOMES.join(', ') }))),
    /** Whether compute nodes reach the internet. */
    internet: v.optional(yesNo),
    /** Where job folders should be. */
    baseFolder: v.optional(text),
    /** Which files are deleted, so many days after what the site counts from. */
    purge: v.optional(list(v.strictObject({ where: text, days: count(36_500) }, keys)), []),
    /** How people log in. */
    login: v.optional(text),
    /** What may and may not run where people log in. */
    loginNodes: v.optional(list(text), []),
    /** Seconds that have to lie between two questions to the queue, at least. */
    queueSeconds: v.optional(count(LONGEST_PAUSE)),
    /** A line of the shell where people log in that prints the accounts that a person may name, one a line, each with what is to be said of it. */
    accountsCommand: v.optional(line(4096)),
    /** Whom to ask. */
    help: v.optional(webAddress),
    links: v.optional(list(v.strictObject({ title: line(128), url: webAddress }, keys)), []),
    /** Environments that the site keeps for everybody. */
    environments: v.optional(
      list(
        v.strictObject(
          {
            title: line(128),
            environment: v.optional(list(line(4096)), []),
            python: v.optional(absolutePath)
          },
          keys
        )
      ),
      []
    )
  },
  keys
);
export type SiteProfile = v.InferOutput<typeof SiteProfile>;

/** A profile that counts for a cluster, and where it comes from. */
export const ChosenProfile = v.object({
  ...SiteProfile.entries,
  title: line(128),
  origin: v.picklist(PROFILE_ORIGINS)
});
export type ChosenProfile = v.InferOutput<typeof ChosenProfile>;

/** A profile, or every field of it that is wrong. */
export type ReadProfile = { ok: true; profile: SiteProfile } | { ok: false; wrong: FieldProblem[] };

/** The most that a file with a profile may have, in bytes. */
export const MOST_PROFILE_BYTES = 65_536;

/** Reads the text of a file. */
export function parseProfile(text: string): ReadProfile {
  if (text.length > MOST_PROFILE_BYTES) {
    return noProfile('too-long', { maximum: MOST_PROFILE_BYTES });
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return noProfile('json', { why: told(error instanceof Error ? error.message : '') });
  }
  return readProfile(value);
}

/** A file that cannot be read, and why. */
export function unreadableProfile(why: string): ReadProfile {
  return noProfile('unreadable', { why: told(why) });
}

function noProfile(code: FieldCode, values: FieldProblem['values']): ReadProfile {
  return { ok: false, wrong: [{ field: '', code, values }] };
}

/** How much is told of why a file cannot be read, in characters. */
function told(why: string): string {
  return why.trim().slice(0, 300);
}

/** What is wrong with a file, by its path and the field: `/etc/x.json: hosts`. */
export function inFile(file: string, fields: readonly FieldProblem[]): FieldProblem[] {
  return fields.map(({ field, ...rest }) => ({
    field: field === '' ? file : `${file}: ${field}`,
    ...rest
  }));
}

/** Reads a profile as it comes from anywhere. Empty fields count as not set. */
export function readProfile(value: unknown): ReadProfile {
  if (Array.isArray(value)) {
    return noProfile('object', {});
  }
  const read = v.safeParse(SiteProfile, filledIn(value));
  return read.success
    ? { ok: true, profile: read.output }
    : { ok: false, wrong: fieldProblems(read.issues) };
}

/** A profile by where it comes from; its name stands for a title that it has not. */
export function ofOrigin(profile: SiteProfile, origin: ProfileOrigin): ChosenProfile {
  return { ...profile, title: profile.title ?? profile.name, origin };
}
