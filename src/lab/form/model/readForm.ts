import { BUILT_IN_DEFAULTS, withDefaults } from '../../../api/defaults';
import { formOf } from '../../../api/formOf';
import { type PageForm, type Parsed, parsePageForm } from '../../../api/jobSpec';
import type { ContentsPath } from '../../../api/paths';
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
  const parsed = parsePageForm(withDefaults({ ...filled, notebook }, defaults));
  if (!parsed.ok) {
    return parsed;
  }
  const { coresPerEngine, ...form } = formOf(parsed.value);
  return { ok: true, value: { ...form, ...(isTaken('coresPerEngine') && { coresPerEngine }) } };
}

function pick(entries: [string, unknown][], isTaken: (field: string) => boolean): object {
  return Object.fromEntries(entries.filter(([field]) => isTaken(field)));
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
