import * as v from 'valibot';
import { type FieldProblem, fieldProblems } from './field';
import { Form, filledIn, layoutProblems } from './jobSpec';

/** Any field of a form but those that name notebook and cluster. */
const Defaults = v.partial(v.omit(Form, ['notebook', 'cluster']));

/** What is filled in where a person leaves a field of the form empty. */
export type JobDefaults = v.InferInput<typeof Defaults>;

/** What counts when nobody says anything: enough to see that it works, on any laptop. */
export const BUILT_IN_DEFAULTS = { cores: 2, time: '1h' } satisfies JobDefaults;

/**
 * Reads defaults out of settings: the fields that are right, and what is wrong with the others. `under` says what counts
 * for the fields that are not set; not for wrong ones, which nobody should take for right.
 */
export function readDefaults(
  value: unknown,
  under: JobDefaults = {}
): { defaults: JobDefaults; wrong: FieldProblem[] } {
  const given = filledIn(value ?? {});
  const wrong = fieldProblems(v.safeParse(Defaults, given).issues ?? []);
  const names = new Set(wrong.map(({ field }) => field.split('.')[0]));
  const all = Object.entries({ ...under, ...(isRecord(given) ? given : {}) });
  const right = Object.fromEntries(all.filter(([name]) => !names.has(name)));
  return { defaults: v.is(Defaults, right) ? right : {}, wrong };
}

/** A form whose empty fields are filled in out of defaults, of which the earlier count first. */
export function withDefaults(form: unknown, ...defaults: readonly object[]): unknown {
  const given = filledIn(form);
  return isRecord(given)
    ? [given, ...defaults].reduceRight<object>((under, over) => ({ ...under, ...over }), {})
    : given;
}

/**
 * What is wrong with the fields that are filled in, whatever the others will be: for a form that defaults are still
 * to fill in.
 */
export function givenProblems(form: unknown): FieldProblem[] {
  const read = v.safeParse(v.partial(Form), filledIn(form));
  if (!read.success) {
    return fieldProblems(read.issues);
  }
  const { cores, coresPerEngine, enginesPerNode, nodes } = read.output;
  return cores === undefined || coresPerEngine === undefined
    ? []
    : layoutProblems({ cores, coresPerEngine, enginesPerNode, nodes }, cores / coresPerEngine);
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
