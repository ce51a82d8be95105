import { parseDuration } from '../../../api/duration';
import { isFilledIn } from '../../../api/jobSpec';
import { parseMemory } from '../../../api/memory';
import type { FormValues } from '../../tokens';
import { FIELDS, type FieldName } from '../../../api/fields';

export type FieldValue = NonNullable<FormValues[FieldName]>;

/** A value as it stands in its field, out of settings or a job; null when it is none for this field. */
export function fieldValue(field: FieldName, value: unknown): FieldValue | null {
  switch (FIELDS[field].kind) {
    case 'flag':
      return typeof value === 'boolean' ? value : null;
    case 'lines':
    case 'patterns':
      return Array.isArray(value) ? value.filter(line => typeof line === 'string') : null;
    case 'count':
    case 'text':
    case 'choice':
      return typeof value === 'number' || typeof value === 'string' ? String(value) : null;
  }
}

/** The text of a field that holds text; empty where nothing is filled in. */
export function textIn(values: FormValues, field: FieldName): string {
  const value = values[field];
  return typeof value === 'string' ? value : '';
}

/** What an empty field stands for, as a text in its place. */
export function emptyText(field: FieldName, usual: FormValues): string {
  return textIn(usual, field) || (FIELDS[field].kind === 'count' ? (BUILT_IN[field] ?? '') : '');
}

/** The lines or patterns of a field that holds several. */
export function linesIn(values: FormValues, field: FieldName): readonly string[] {
  const value = values[field];
  return typeof value === 'object' ? value : [];
}

/** Whether a value asks for what is usual anyway: an empty field does, and `1:00:00` where `1h` is usual. */
export function isUsual(
  field: FieldName,
  value: FieldValue | undefined,
  usual: FieldValue | undefined
): boolean {
  return !isFilledIn(value) || meaning(field, value) === meaning(field, usual);
}

function meaning(field: FieldName, value: FieldValue | undefined): string {
  if (value === undefined || !isFilledIn(value)) {
    return BUILT_IN[field] ?? '';
  }
  if (typeof value !== 'string') {
    return JSON.stringify(value);
  }
  const amount =
    field === 'time' ? parseDuration(value) : field === 'memoryPerCore' ? parseMemory(value) : null;
  return String(amount ?? value.trim());
}

/** What an empty field means, where that is not nothing. */
const BUILT_IN: Partial<Record<FieldName, string>> = {
  coresPerEngine: '1',
  startEngines: 'auto',
  mpi: 'auto',
  launcher: 'auto',
  findFiles: 'true',
  allowErrors: 'false',
  allowLostEngines: 'false'
};
