import { formOf } from '../../api/formOf';
import { type JobForm, type Parsed, parseJobSpec } from '../../api/jobSpec';
import type { FormValues } from '../tokens';
import { FIELDS, FIELD_NAMES, type FieldName } from './fields';

/**
 * The form to send, out of what stands in the fields, or every field that is wrong. Fields that the cluster does not
 * take are left out.
 *
 * @param notebook Path in Jupyter's contents.
 */
export function readForm(
  notebook: string,
  values: FormValues,
  taken: readonly string[]
): Parsed<JobForm> {
  const filled = Object.fromEntries(
    FIELD_NAMES.filter(field => taken.includes(field)).map(field => [field, read(field, values)])
  );
  // The check wants a full path; where Jupyter's files lie is known to the server alone.
  const parsed = parseJobSpec({ ...filled, notebook: `/${notebook}` });
  if (!parsed.ok) {
    return parsed;
  }
  const { coresPerEngine, ...form } = formOf(parsed.value);
  return {
    ok: true,
    value: {
      ...form,
      notebook,
      ...(coresPerEngine !== undefined && taken.includes('coresPerEngine') && { coresPerEngine })
    }
  };
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
