import { BUILT_IN_DEFAULTS } from '../../../api/defaults';
import { formOf } from '../../../api/formOf';
import { type PageForm, type Parsed, isFilledIn, parsePageForm } from '../../../api/jobSpec';
import type { ContentsPath } from '../../../api/paths';
import { ruled, rulingProblems } from '../../../api/profileRules';
import type { ClusterChoice } from '../../../api/routes';
import type { FormValues } from '../../tokens';
import { FIELDS, FIELD_NAMES, type FieldName } from '../../../api/fields';

/**
 * The form to send, out of what stands in the fields, or every field that is wrong. The cluster's defaults count for
 * empty fields; fields that the cluster does not take are left out.
 *
 * @param choice The chosen cluster; null while it is not known.
 */
export function readForm(
  notebook: ContentsPath,
  values: FormValues,
  choice: ClusterChoice | null
): Parsed<PageForm> {
  // A cluster that is not in order does not say what it takes.
  const known = choice?.problem === null ? choice : null;
  const isTaken = (field: string): boolean => known === null || known.fields.includes(field);
  const filled = pick(
    FIELD_NAMES.map(field => [field, read(field, values)]),
    isTaken
  );
  const defaults = pick(Object.entries(known?.defaults ?? BUILT_IN_DEFAULTS), isTaken);
  const profile = known?.profile ?? null;
  const given = {
    ...defaults,
    ...pick(Object.entries({ ...filled, notebook }), (_, value) => isFilledIn(value)),
    ...pick(Object.entries(ruled(profile).locked), isTaken)
  };
  const bySite = rulingProblems(profile, given, known?.fields ?? []);
  const parsed = parsePageForm(given);
  if (!parsed.ok || bySite.length > 0) {
    return { ok: false, fields: [...(parsed.ok ? [] : parsed.fields), ...bySite] };
  }
  const { coresPerEngine, ...form } = formOf(parsed.value);
  return { ok: true, value: { ...form, ...(isTaken('coresPerEngine') && { coresPerEngine }) } };
}

function pick(
  entries: [string, unknown][],
  isTaken: (field: string, value: unknown) => boolean
): Record<string, unknown> {
  return Object.fromEntries(entries.filter(([field, value]) => isTaken(field, value)));
}

function read(field: FieldName, values: FormValues): unknown {
  const value = values[field];
  if (FIELDS[field].kind === 'count' && typeof value === 'string') {
    return numberIn(value.trim());
  }
  // An empty line asks for nothing.
  return typeof value === 'object' ? value.filter(line => line.trim() !== '') : value;
}

/** What is no number stays text, so that the check can say it. */
function numberIn(text: string): number | string {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
