import * as v from 'valibot';
import { finite } from './bounds';
import { parseDuration } from './duration';
import { type FieldProblem, fieldProblems, says } from './field';
import { parseMemory } from './memory';
import { absolutePath, line, name } from './text';

/** The shortest and the longest time that can be asked for, in seconds: a minute, and a year. */
const SHORTEST_TIME = 60;
const LONGEST_TIME = 366 * 86_400;

const count = (maximum: number) =>
  v.pipe(
    v.number(says('whole-number')),
    v.integer(says('whole-number')),
    v.minValue(1, says('minimum', { minimum: 1 })),
    v.maxValue(maximum, says('maximum', { maximum }))
  );

const duration = v.pipe(
  v.string(says('time-format')),
  v.minLength(1, says('required')),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const seconds = parseDuration(dataset.value);
    if (seconds === null) {
      addIssue({ message: says('time-format', { given: dataset.value.slice(0, 80) }) });
      return NEVER;
    }
    return seconds;
  }),
  v.minValue(SHORTEST_TIME, says('minimum', { minimum: '1m' })),
  v.maxValue(LONGEST_TIME, says('maximum', { maximum: '366d' }))
);

const memory = v.pipe(
  v.string(says('memory-format')),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const megabytes = parseMemory(dataset.value);
    if (megabytes === null || megabytes < 1) {
      addIssue({ message: says('memory-format', { given: dataset.value.slice(0, 80) }) });
      return NEVER;
    }
    return megabytes;
  })
);

const notebook = v.pipe(
  absolutePath,
  v.check(path => path.endsWith('.ipynb'), says('notebook-path'))
);

const pattern = v.pipe(
  line(1024),
  v.check(text => text.trim() !== '', says('pattern-empty')),
  v.check(text => !text.replace(/^!/, '').split('/').includes('..'), says('pattern-outside'))
);

/** When engines start: where the notebook is seen to use ipyparallel; always, for packages that use it unseen; never. */
export const START_ENGINES = ['auto', 'always', 'never'] as const;

const flag = v.optional(v.boolean(says('yes-no')), false);

/** One address, in the characters that go into a directive as they are; not every one that RFC 5322 allows. */
const EMAIL = /^[A-Za-z0-9_][A-Za-z0-9_.+=%-]*@[A-Za-z0-9][A-Za-z0-9.-]*$/;

/** A job's name as the queue shows it; schedulers cut it to their own limit. */
const jobName = v.pipe(line(64), v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, says('name-characters')));

/**
 * What a person fills in, in the panel, in a cluster's defaults or on the command line. Times and amounts of memory
 * are text with their unit here; `parseJobSpec` makes numbers of them.
 */
export const Form = v.strictObject(
  {
    notebook,
    cluster: v.optional(name, 'local'),
    cores: count(1_000_000),
    time: duration,
    memoryPerCore: v.optional(memory),
    nodes: v.optional(count(100_000)),
    enginesPerNode: v.optional(count(10_000)),
    coresPerEngine: v.optional(count(10_000), 1),
    startEngines: v.optional(
      v.picklist(START_ENGINES, says('choice', { choices: START_ENGINES.join(', ') })),
      'auto'
    ),
    queue: v.optional(
      v.pipe(line(128), v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.,:@+-]*$/, says('name-characters')))
    ),
    account: v.optional(name),
    qos: v.optional(name),
    reservation: v.optional(name),
    constraint: v.optional(
      v.pipe(line(256), v.regex(/^[A-Za-z0-9_.\-&|*()[\],=:]+$/, says('name-characters')))
    ),
    gpusPerNode: v.optional(count(1_000)),
    name: v.optional(jobName),
    email: v.optional(v.pipe(line(254), v.regex(EMAIL, says('email-format')))),
    files: v.optional(v.array(pattern, says('text')), []),
    exclude: v.optional(v.array(pattern, says('text')), []),
    findFiles: v.optional(v.boolean(says('yes-no')), true),
    environment: v.optional(v.array(line(4096), says('text')), []),
    python: v.optional(absolutePath),
    directives: v.optional(v.array(line(1024), says('text')), []),
    allowErrors: flag
  },
  issue => says(issue.expected === 'never' ? 'unknown' : 'required')
);

/** The fields of a form, as they go over the wire before they are checked. */
export type JobForm = v.InferInput<typeof Form>;

/** The names of all fields of a form. */
export const JOB_FIELDS = Object.keys(Form.entries) as readonly (keyof JobForm)[];

/** Left out of a record that is written where it is null. */
const Optional = <S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema), null);

/** What the user asks for, checked: what `parseJobSpec` returns and a job record keeps. */
export const JobSpec = v.object({
  /** Absolute path of the source notebook on the user's machine. */
  notebook: v.string(),
  cluster: v.string(),
  cores: finite,
  /** cores / coresPerEngine, a whole number; 0 once it is known that the notebook uses none. */
  engines: finite,
  timeSeconds: finite,
  memoryPerCoreMb: Optional(finite),
  nodes: Optional(finite),
  enginesPerNode: Optional(finite),
  coresPerEngine: v.optional(finite, 1),
  /** Records of earlier versions have none. */
  startEngines: v.optional(v.picklist(START_ENGINES), 'auto'),
  queue: Optional(v.string()),
  account: Optional(v.string()),
  qos: Optional(v.string()),
  reservation: Optional(v.string()),
  constraint: Optional(v.string()),
  gpusPerNode: Optional(finite),
  name: v.string(),
  email: Optional(v.string()),
  /** Patterns of files to take along beside those that the notebook is found to need. */
  files: v.optional(v.array(v.string()), []),
  /** Patterns of files not to take along. */
  exclude: v.optional(v.array(v.string()), []),
  /** Whether the files that the notebook is found to need are taken along. */
  findFiles: v.optional(v.boolean(), true),
  /** Shell lines that run before the engines start (`module load`, `conda activate`). */
  environment: v.optional(v.array(v.string()), []),
  /** The interpreter for runner, kernel and engines; null: the cluster's own choice. */
  python: Optional(v.string()),
  /** Lines for the scheduler that no field covers, verbatim. */
  directives: v.optional(v.array(v.string()), []),
  /** Whether the notebook goes on after a failing cell. */
  allowErrors: v.optional(v.boolean(), false)
});
export type JobSpec = v.InferOutput<typeof JobSpec>;

export type Parsed<T> = { ok: true; value: T } | { ok: false; fields: FieldProblem[] };

/**
 * Checks a form as it comes from anywhere (untrusted JSON included), and gives the job spec or every field that is
 * wrong. Empty fields count as not filled in.
 */
export function parseJobSpec(form: unknown): Parsed<JobSpec> {
  const read = v.safeParse(Form, filledIn(form));
  if (!read.success) {
    return { ok: false, fields: fieldProblems(read.issues) };
  }
  const { time, memoryPerCore, name: given, ...rest } = read.output;
  const engines = rest.cores / rest.coresPerEngine;
  const fields = layoutProblems(rest, engines);
  if (fields.length > 0) {
    return { ok: false, fields };
  }
  return {
    ok: true,
    value: {
      ...rest,
      engines,
      timeSeconds: time,
      memoryPerCoreMb: memoryPerCore ?? null,
      name: given ?? nameOf(rest.notebook),
      nodes: rest.nodes ?? null,
      enginesPerNode: rest.enginesPerNode ?? null,
      queue: rest.queue ?? null,
      account: rest.account ?? null,
      qos: rest.qos ?? null,
      reservation: rest.reservation ?? null,
      constraint: rest.constraint ?? null,
      gpusPerNode: rest.gpusPerNode ?? null,
      email: rest.email ?? null,
      python: rest.python ?? null
    }
  };
}

/** A form without its empty fields. What is no form is given back as it is. */
export function filledIn(form: unknown): unknown {
  return typeof form !== 'object' || form === null || Array.isArray(form)
    ? form
    : Object.fromEntries(Object.entries(form).filter(([, value]) => isFilledIn(value)));
}

/** How many threads each process of the job gets: those of an engine, or all cores where there are none. */
export function threadsOf({ cores, coresPerEngine, engines }: JobSpec): number {
  return engines === 0 ? cores : coresPerEngine;
}

/** Whether a field's value says anything: null, undefined, '' and an empty list do not. */
export function isFilledIn(value: unknown): boolean {
  const isEmptyList = Array.isArray(value) && value.length === 0;
  return value !== null && value !== undefined && value !== '' && !isEmptyList;
}

/** How cores, engines and nodes must fit together: no engine is split over nodes, none is left out. */
export function layoutProblems(
  form: {
    cores: number;
    coresPerEngine: number;
    nodes?: number | undefined;
    enginesPerNode?: number | undefined;
  },
  engines: number
): FieldProblem[] {
  if (!Number.isInteger(engines)) {
    return [
      {
        field: 'cores',
        code: 'not-divisible',
        values: { cores: form.cores, coresPerEngine: form.coresPerEngine }
      }
    ];
  }
  const { nodes, enginesPerNode } = form;
  if (nodes !== undefined && nodes > engines) {
    return [{ field: 'nodes', code: 'maximum', values: { maximum: engines } }];
  }
  if (nodes !== undefined && enginesPerNode !== undefined && nodes * enginesPerNode !== engines) {
    return [
      { field: 'enginesPerNode', code: 'layout', values: { engines, nodes, enginesPerNode } }
    ];
  }
  return [];
}

/** A job name out of a notebook's path: its file name, in the characters that every scheduler takes. */
export function nameOf(notebookPath: string): string {
  const file = notebookPath.split('/').at(-1) ?? '';
  const safe = file
    .replace(/\.ipynb$/, '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9_]+|-+$/g, '');
  return safe.slice(0, 64) || 'notebook';
}
