import type { FieldCode, FieldProblem, FieldValues } from '../api/field';
import { FIELDS, isField } from '../api/fields';
import type { Translator } from '../api/translation';

/** What is wrong with a field, and what to do, to be shown below it: `"90" has no unit: write 90m, 2h or 48:00:00`. */
export function fieldWords(problem: FieldProblem, trans: Translator): string {
  return SENTENCES[problem.code](key => String(problem.values[key] ?? '?'), problem.values, trans);
}

/**
 * A field of a form or of the settings by the name that people see. Entries of a list are numbered: `Files to take
 * along, entry 2`; `Cluster 2, Name` is that of the second cluster of the settings.
 */
export function fieldLabel(field: string, trans: Translator): string {
  const [parent = '', child, ...rest] = field.split('.');
  if (parent === 'defaults' && child !== undefined) {
    return trans.__('Default of %1', fieldLabel([child, ...rest].join('.'), trans));
  }
  if (parent === 'clusters' && child !== undefined) {
    const cluster = trans.__('Cluster %1', Number(child) + 1);
    return rest[0] === 'name' ? trans.__('%1, Name', cluster) : cluster;
  }
  if (parent === 'sites' && child !== undefined) {
    return [trans.__('Site profile %1', Number(child) + 1), rest.join('.')]
      .filter(part => part !== '')
      .join(', ');
  }
  if (field.startsWith('/')) {
    // A file, and what is meant in it.
    return field;
  }
  const label = nameOf(parent, trans);
  return child === undefined ? label : trans.__('%1, entry %2', label, Number(child) + 1);
}

type Sentence = (value: (key: string) => string, values: FieldValues, trans: Translator) => string;

const SENTENCES: Record<FieldCode, Sentence> = {
  other: (value, _, trans) => trans.__('is not right (%1)', value('word')),
  required: (_, __, trans) => trans.__('is needed'),
  unknown: (_, __, trans) => trans.__('is not a field that is known here'),
  text: (_, __, trans) => trans.__('must be text'),
  'yes-no': (_, __, trans) => trans.__('must be yes or no'),
  'whole-number': (_, __, trans) => trans.__('must be a whole number, such as 4'),
  minimum: (value, _, trans) => trans.__('must be at least %1', value('minimum')),
  maximum: (value, _, trans) => trans.__('must be at most %1', value('maximum')),
  'not-divisible': (value, _, trans) =>
    trans.__(
      '%1 cores cannot be shared out to engines of %2 cores each: ask for a multiple of %2',
      value('cores'),
      value('coresPerEngine')
    ),
  layout: (value, _, trans) =>
    trans.__(
      '%1 nodes with %2 engines each do not make %3 engines: leave one of the two empty, or change it',
      value('nodes'),
      value('enginesPerNode'),
      value('engines')
    ),
  'no-engines': (_, __, trans) =>
    trans.__(
      'means nothing to this notebook: nothing in it uses engines, so that it runs on one node. Leave it empty'
    ),
  'mpi-ranks': (_, __, trans) =>
    trans.__(
      'is not possible here: engines of this notebook are MPI ranks, and ranks cannot go on without one of them. Switch it off, or MPI'
    ),
  'time-format': (value, values, trans) => timeSentence(values, value, trans),
  'memory-format': (value, values, trans) => memorySentence(values, value, trans),
  'email-format': (_, __, trans) => trans.__('must be an e-mail address, such as me@example.org'),
  'control-characters': (_, __, trans) =>
    trans.__('must be one line, without tabs and other control characters'),
  'name-characters': (_, __, trans) =>
    trans.__('has a character that batch systems do not take: use letters, digits, ., - and _'),
  'too-long': (value, _, trans) =>
    trans.__('is too long: %1 characters are the most', value('maximum')),
  'absolute-path': (_, __, trans) => trans.__('must be a full path, one that begins with /'),
  'notebook-path': (_, __, trans) =>
    trans.__('must be a notebook: a file whose name ends in .ipynb'),
  'pattern-outside': (_, __, trans) =>
    trans.__(
      'leads out of the folder of the notebook: only files in it can be taken along, so copy or link them there'
    ),
  'pattern-empty': (_, __, trans) =>
    trans.__('is empty: write a file name or a pattern, such as *.csv'),
  'results-folder': (_, __, trans) =>
    trans.__(
      'must be a folder below that of the notebook, such as results, or one elsewhere by its full path or from ~/; without ..'
    ),
  'no-folder': (value, _, trans) =>
    trans.__('%1 is no folder: name another one, or take that away', value('folder')),
  'read-only': (value, _, trans) =>
    trans.__(
      'nothing can be written into %1: name another folder, or allow writing there',
      value('folder')
    ),
  unsupported: (_, __, trans) =>
    trans.__('means nothing to the batch system of this cluster: leave it empty'),
  'without-host': (_, __, trans) =>
    trans.__('means nothing where jobs run on this machine: fill in Host, or leave it empty'),
  reserved: (value, _, trans) =>
    trans.__('"%1" is a reserved name: choose another', value('given')),
  duplicate: (value, _, trans) =>
    trans.__('"%1" is the name of another cluster too: choose another', value('given')),
  list: (_, __, trans) => trans.__('must be a list'),
  choice: (value, values, trans) =>
    values['choices'] === undefined
      ? trans.__('is not one of the choices')
      : trans.__('must be one of: %1', value('choices')),
  launcher: (_, __, trans) =>
    trans.__(
      'must be auto, srun, mpiexec, or a command in words without quotes and variables, such as ibrun or mpirun_rsh -np {engines}'
    ),
  'directive-ours': (value, _, trans) =>
    trans.__(
      '"%1" changes how the job is submitted or watched, and would lose it: leave it out',
      value('option')
    ),
  'directive-field': (value, _, trans) =>
    trans.__(
      '"%1" is what the field %2 says: leave it out here, and fill in the field',
      value('option'),
      fieldLabel(value('covered'), trans)
    ),
  'site-requires': (value, { why }, trans) =>
    why
      ? trans.__('is needed at %1: %2', value('site'), value('why'))
      : trans.__('is needed at %1', value('site')),
  'site-refuses': (value, _, trans) =>
    trans.__('%1 takes no job with it: %2. Leave it empty', value('site'), value('why')),
  'site-locked': (value, _, trans) =>
    trans.__('%1 has it at %2 for every job: leave it so', value('site'), value('given')),
  'site-option': (value, _, trans) =>
    trans.__(
      '%1 takes no job with %2: %3. Leave it out',
      value('site'),
      value('option'),
      value('why')
    ),
  'home-not-on-nodes': (value, { advice }, trans) =>
    advice
      ? trans.__(
          'jobs cannot write below the home folder at %1. Name another one: %2',
          value('site'),
          value('advice')
        )
      : trans.__(
          'jobs cannot write below the home folder at %1. Name a folder elsewhere',
          value('site')
        ),
  unreadable: (value, _, trans) => trans.__('cannot be read: %1', value('why')),
  json: (value, _, trans) => trans.__('cannot be read as JSON: %1', value('why')),
  object: (_, __, trans) => trans.__('must be an object: names and values in { }'),
  'too-many': (value, _, trans) => trans.__('has more than %1 entries', value('maximum')),
  'host-pattern': (_, __, trans) =>
    trans.__(
      'must be the name of a host in small letters, such as login.example.org; * stands for anything within one of its parts'
    ),
  'web-address': (_, __, trans) =>
    trans.__('must be an address that begins with https://, http:// or mailto:'),
  day: (_, __, trans) => trans.__('must be a day, such as 2026-08-20'),
  refused: (_, __, trans) =>
    trans.__('is refused, so nothing else can be said of it: leave out the rest, or refused'),
  'locked-without-default': (_, __, trans) =>
    trans.__('is locked, and to nothing: give it a default')
};

function timeSentence(
  { given }: FieldValues,
  value: (key: string) => string,
  trans: Translator
): string {
  const text = value('given').trim();
  if (given === undefined) {
    return trans.__('must be a time, such as 90m, 2h or 48:00:00');
  }
  if (/^\d+$/.test(text)) {
    return trans.__('"%1" has no unit: write %1m, 2h or 48:00:00', text);
  }
  return /^\d+:\d+$/.test(text)
    ? trans.__('"%1" can be read in two ways: write 90m, 2h or 48:00:00', text)
    : trans.__('"%1" is not a time: write 90m, 2h or 48:00:00', text);
}

function memorySentence(
  { given }: FieldValues,
  value: (key: string) => string,
  trans: Translator
): string {
  const text = value('given').trim();
  if (given === undefined) {
    return trans.__('must be an amount of memory, such as 2G or 500M');
  }
  return /^[\d.]+$/.test(text)
    ? trans.__('"%1" has no unit: write %1G or %1M', text)
    : trans.__('"%1" is not an amount of memory: write 2G or 500M', text);
}

/** What the settings have beside the fields of the form. */
const SETTINGS = {
  keepDays: (trans: Translator) => trans.__('Days to keep'),
  queueSeconds: (trans: Translator) => trans.__('Seconds between looks at the queue'),
  gpuOption: (trans: Translator) => trans.__('GPU option'),
  forkEngines: (trans: Translator) => trans.__('Fork engines'),
  title: (trans: Translator) => trans.__('Title'),
  host: (trans: Translator) => trans.__('Host'),
  scheduler: (trans: Translator) => trans.__('Scheduler'),
  transport: (trans: Translator) => trans.__('Transport'),
  transferHost: (trans: Translator) => trans.__('Transfer host'),
  baseFolder: (trans: Translator) => trans.__('Base folder'),
  profile: (trans: Translator) => trans.__('Site profile'),
  sites: (trans: Translator) => trans.__('Site profiles'),
  clusters: (trans: Translator) => trans.__('Clusters'),
  defaults: (trans: Translator) => trans.__('Defaults')
};

function isOfSettings(name: string): name is keyof typeof SETTINGS {
  return Object.hasOwn(SETTINGS, name);
}

function nameOf(field: string, trans: Translator): string {
  if (isField(field)) {
    return FIELDS[field].label(trans);
  }
  return isOfSettings(field) ? SETTINGS[field](trans) : field;
}
