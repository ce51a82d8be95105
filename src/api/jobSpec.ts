import * as v from 'valibot';
import { finite } from './bounds';
import { contentsNotebook } from './fieldSchemas';
import type { ContentsPath, FilePath } from './paths';
import { type FieldProblem, fieldProblems, says } from './field';
import { FIELDS, FIELD_NAMES, type FieldKind, type FieldName } from './fields';

/** The schema of each field, by its name. */
const SCHEMAS = Object.fromEntries(
  FIELD_NAMES.map(field => [field, FIELDS[field].schema])
  // Object.fromEntries loses which value belongs to which name.
) as { [F in FieldName]: (typeof FIELDS)[F]['schema'] };

/**
 * What a person fills in, in the panel, in a cluster's defaults or on the command line. Times and amounts of memory
 * are text with their unit here; `parseJobSpec` makes numbers of them.
 */
export const Form = v.strictObject(SCHEMAS, issue =>
  says(issue.expected === 'never' ? 'unknown' : 'required')
);

/** The same as a page has it, which knows a notebook by its path in Jupyter's contents. */
export const PageForm = v.strictObject({ ...SCHEMAS, notebook: contentsNotebook }, Form.message);

export type PageForm = JobForm<ContentsPath>;

type Given = v.InferInput<typeof Form>;
type Checked = v.InferOutput<typeof Form>;

/** The fields of a form, as they go over the wire before they are checked. */
export type JobForm<Notebook extends string = FilePath> = Omit<Given, 'notebook'> & {
  notebook: Notebook;
};

/** What the user asks for, checked: what `parseJobSpec` returns and a job record keeps. What is not asked for is absent. */
export interface JobSpec<Notebook extends string = FilePath> extends Omit<
  Checked,
  'notebook' | 'time' | 'memoryPerCore' | 'name'
> {
  notebook: Notebook;
  /** cores / coresPerEngine, a whole number; 0 once it is known that the notebook uses none. */
  engines: number;
  timeSeconds: number;
  memoryPerCoreMb?: number | undefined;
  name: string;
}

/** What a record may hold in a field of a kind: what was right once stays readable, whatever is asked for today. */
const KEPT: Record<FieldKind, v.GenericSchema> = {
  count: finite,
  text: v.string(),
  choice: v.string(),
  lines: v.array(v.string()),
  patterns: v.array(v.string()),
  flag: v.boolean()
};

/** Absent where a record says null, as those of earlier versions do. */
const optional = (schema: v.GenericSchema, usual?: unknown) =>
  v.optional(v.nullable(schema), usual);

/** A job spec as it is in a record, which may lack what is usual. */
export const KeptJobSpec = v.pipe(
  v.object({
    ...Object.fromEntries(
      FIELD_NAMES.filter(field => field !== 'time' && field !== 'memoryPerCore').map(field => {
        const { kind, schema } = FIELDS[field];
        const kept = KEPT[kind];
        return [field, schema.type === 'optional' ? optional(kept, v.getDefault(schema)) : kept];
      })
    ),
    name: v.string(),
    engines: finite,
    timeSeconds: finite,
    memoryPerCoreMb: optional(finite)
  }),
  v.transform(
    kept =>
      // Each entry was read by the schema of its kind.
      Object.fromEntries(
        Object.entries(kept).filter(([, value]) => value !== null && value !== undefined)
      ) as unknown as JobSpec
  )
);

export type Parsed<T> = { ok: true; value: T } | { ok: false; fields: FieldProblem[] };

/**
 * Checks a form as it comes from anywhere (untrusted JSON included), and gives the job spec or every field that is
 * wrong. Empty fields count as not filled in.
 */
export function parseJobSpec(form: unknown): Parsed<JobSpec> {
  const read = v.safeParse(Form, filledIn(form));
  return read.success ? specOf(read.output) : { ok: false, fields: fieldProblems(read.issues) };
}

/** The same for the form of a page. */
export function parsePageForm(form: unknown): Parsed<JobSpec<ContentsPath>> {
  const read = v.safeParse(PageForm, filledIn(form));
  return read.success ? specOf(read.output) : { ok: false, fields: fieldProblems(read.issues) };
}

function specOf<Notebook extends string>(
  form: Omit<Checked, 'notebook'> & { notebook: Notebook }
): Parsed<JobSpec<Notebook>> {
  const { time, memoryPerCore, name: given, ...rest } = form;
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
      ...(memoryPerCore !== undefined && { memoryPerCoreMb: memoryPerCore }),
      name: given ?? nameOf(rest.notebook)
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
    gpusPerNode?: number | undefined;
    gpuType?: string | undefined;
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
  const { nodes, enginesPerNode, gpusPerNode, gpuType } = form;
  if (gpuType !== undefined && gpusPerNode === undefined) {
    return [{ field: 'gpusPerNode', code: 'required', values: {} }];
  }
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
    .replace(/^[^A-Za-z0-9_]+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return safe || 'notebook';
}
