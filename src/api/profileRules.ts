import type { FieldProblem } from './field';
import { isField, type FieldName } from './fields';
import { type JobSpec, isFilledIn } from './jobSpec';
import type { FieldRule, SiteProfile } from './profile';

/** What a profile counts by here: the part of it that is about a form. */
export type Ruling = Pick<SiteProfile, 'fields' | 'nodes' | 'refusedOptions'> & { title: string };

/** What a profile makes of a form. */
export interface Ruled {
  /** What counts for fields that nobody fills in. */
  defaults: Partial<Record<FieldName, unknown>>;
  /** The same for fields that nobody may fill in otherwise. */
  locked: Partial<Record<FieldName, unknown>>;
  required: FieldName[];
  /** Why the site takes no job with a field. */
  refused: Partial<Record<FieldName, string>>;
}

/** What a profile makes of every form; nothing, where there is none. */
export function ruled(profile: Ruling | null): Ruled {
  const rules = rulesOf(profile);
  const having = <T>(value: (rule: FieldRule) => T | undefined) =>
    Object.fromEntries(
      rules.flatMap(([field, rule]) => {
        const found = value(rule);
        return found === undefined ? [] : [[field, found]];
      })
    );
  return {
    defaults: having(rule => rule.default),
    locked: having(rule => (rule.locked === true ? rule.default : undefined)),
    required: rules.flatMap(([field, rule]) => (rule.required === true ? [field] : [])),
    refused: having(rule => rule.refused)
  };
}

/** What a profile says of one field. */
export function ruleFor(profile: Ruling | null, field: FieldName): FieldRule {
  return profile?.fields[field] ?? {};
}

/**
 * What is wrong with a form by a profile: fields that are missing, refused or locked, and options that no line may have.
 *
 * @param form What counts, defaults filled in.
 * @param taken The fields that mean something to the batch system; of others nothing is asked.
 */
export function rulingProblems(
  profile: Ruling | null,
  form: Readonly<Record<string, unknown>>,
  taken: readonly string[]
): FieldProblem[] {
  if (profile === null) {
    return [];
  }
  const site = profile.title;
  const byField = rulesOf(profile).flatMap(([field, rule]): FieldProblem[] => {
    const value = form[field];
    const isFilled = isFilledIn(value);
    if (rule.refused !== undefined && isFilled) {
      return [{ field, code: 'site-refuses', values: { site, why: rule.refused } }];
    }
    if (rule.locked === true && isFilled && !isSame(value, rule.default)) {
      return [{ field, code: 'site-locked', values: { site, given: told(rule.default) } }];
    }
    return rule.required === true && !isFilled && taken.includes(field)
      ? [{ field, code: 'site-requires', values: { site, why: rule.note ?? '' } }]
      : [];
  });
  return [...byField, ...optionProblems(profile, form['directives'])];
}

/**
 * A spec with its nodes filled in where the site wants to be told: as many as its engines need.
 *
 * @returns The spec, or what is missing for that.
 */
export function withNodes(
  spec: JobSpec,
  profile: Ruling | null
): { spec: JobSpec; wrong: FieldProblem[] } {
  const { coresPerEngine, engines, enginesPerNode, nodes } = spec;
  // A job without engines says one node by itself.
  if (profile?.nodes.required !== true || nodes !== undefined || engines === 0) {
    return { spec, wrong: [] };
  }
  const perNode = enginesPerNode ?? Math.floor((coresOfNode(profile, spec) ?? 0) / coresPerEngine);
  if (perNode < 1) {
    const values = { site: profile.title, why: '' };
    return { spec, wrong: [{ field: 'nodes', code: 'site-requires', values }] };
  }
  return { spec: { ...spec, nodes: Math.ceil(engines / perNode) }, wrong: [] };
}

/** Whether a job in this queue gets whole nodes, as far as a profile says it. */
export function hasWholeNodes(
  { nodes: { whole = false } }: Ruling,
  { queue = '' }: Pick<JobSpec, 'queue'>
): boolean {
  return typeof whole === 'boolean' ? whole : whole.includes(queue);
}

/** How many cores a node of the queue has, where a profile says it. */
export function coresOfNode(
  profile: Ruling,
  { queue = '' }: Pick<JobSpec, 'queue'>
): number | null {
  const { cores } = profile.nodes;
  return typeof cores === 'number' ? cores : (cores?.[queue] ?? null);
}

function rulesOf(profile: Ruling | null): [FieldName, FieldRule][] {
  return Object.entries(profile?.fields ?? {}).flatMap(([field, rule]) =>
    isField(field) && rule !== undefined ? [[field, rule] as const] : []
  ) as [FieldName, FieldRule][];
}

/** Lines with an option that the site refuses. */
function optionProblems({ refusedOptions, title }: Ruling, lines: unknown): FieldProblem[] {
  return (Array.isArray(lines) ? lines : []).flatMap((line, index) =>
    Object.entries(refusedOptions)
      .filter(([option]) => new RegExp(`(?:^|\\s)--${option}(?:[=\\s]|$)`).test(String(line)))
      .slice(0, 1)
      .map(([option, why]) => ({
        field: `directives.${index}`,
        code: 'site-option' as const,
        values: { option: `--${option}`, site: title, why }
      }))
  );
}

function isSame(value: unknown, other: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(other);
}

function told(value: unknown): string {
  return Array.isArray(value) ? value.join('; ') : String(value);
}
