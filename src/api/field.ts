import * as v from 'valibot';
import { finite, line } from './bounds';

/** Everything that can be wrong with one field; words.ts has a sentence for each. */
export const FIELD_CODES = [
  'required',
  'unknown',
  'text',
  'yes-no',
  'whole-number',
  'minimum',
  'maximum',
  'not-divisible',
  'layout',
  'no-engines',
  'mpi-ranks',
  'time-format',
  'memory-format',
  'email-format',
  'control-characters',
  'name-characters',
  'too-long',
  'absolute-path',
  'notebook-path',
  'pattern-outside',
  'pattern-empty',
  'results-folder',
  'no-folder',
  'read-only',
  'unsupported',
  'without-host',
  'reserved',
  'duplicate',
  'list',
  'choice',
  'launcher',
  'directive-ours',
  'directive-field',
  'site-requires',
  'site-refuses',
  'site-locked',
  'site-option',
  'home-not-on-nodes',
  'unreadable',
  'json',
  'object',
  'too-many',
  'host-pattern',
  'web-address',
  'day',
  'refused',
  'locked-without-default',
  // Said by a newer service, in a word that is not known here.
  'other'
] as const;

export type FieldCode = (typeof FIELD_CODES)[number];

/** What is wrong with one field of a form: the field's name, a code, and the values that its sentence needs. */
export const FieldProblem = v.object({
  field: v.string(),
  code: v.picklist(FIELD_CODES),
  values: v.record(v.string(), v.union([v.string(), finite]))
});
export type FieldProblem = v.InferOutput<typeof FieldProblem>;

/** The same as a newer service may say it: a code that is not known here becomes `other`, with its bare word. */
export const AnyFieldProblem = v.union([
  FieldProblem,
  v.pipe(
    v.object({ field: v.string(), code: line }),
    v.transform(({ code, field }): FieldProblem => ({
      field,
      code: 'other',
      values: { word: code }
    }))
  )
]);
export type FieldValues = FieldProblem['values'];

/** A validation message that `fieldProblems` can read back: our codes and values instead of English. */
export function says(code: FieldCode, values: FieldValues = {}): string {
  return JSON.stringify({ code, values });
}

const Said = v.object({
  code: v.picklist(FIELD_CODES),
  values: v.record(v.string(), v.union([v.string(), v.number()]))
});

/** Turns a validator's issues into problems by field; one for each field, the first. */
export function fieldProblems(
  issues: readonly { message: string; path?: readonly { key: unknown }[] | undefined }[]
): FieldProblem[] {
  const problems = new Map<string, FieldProblem>();
  for (const issue of issues) {
    const field = (issue.path ?? []).map(step => String(step.key)).join('.');
    if (!problems.has(field)) {
      problems.set(field, { field, ...read(issue.message) });
    }
  }
  return [...problems.values()];
}

function read(message: string): { code: FieldCode; values: FieldValues } {
  const said = v.safeParse(v.pipe(v.string(), v.parseJson(), Said), message);
  return said.success ? said.output : { code: 'text', values: {} };
}
