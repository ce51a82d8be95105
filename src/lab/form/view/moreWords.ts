import type { ClusterChoice } from '../../../api/routes';
import type { Translator } from '../../../api/translation';
import { fieldLabel } from '../../../words';
import type { FormValues } from '../../tokens';
import { type FieldValue, isUsual } from '../model/fieldValue';
import type { FieldName } from '../../../api/fields';
import { fieldsOf } from '../model/fields';
import { MORE_GROUPS } from './moreGroups';
import { defaultValues } from '../model/startValues';

/** Whatever is not as it would be by itself, in one line: `8 nodes · 1G per core`; empty when nothing is. */
export function moreWords(
  values: FormValues,
  choice: ClusterChoice | null,
  trans: Translator
): string {
  const usual = defaultValues(choice);
  return MORE_GROUPS.flatMap(group => fieldsOf(group, choice?.fields ?? []))
    .filter(field => !isUsual(field, values[field], usual[field]))
    .map(field => words(field, values[field] ?? '', trans))
    .join(' · ');
}

function words(field: FieldName, value: FieldValue, trans: Translator): string {
  const label = fieldLabel(field, trans);
  if (typeof value === 'boolean') {
    return value ? label : trans.__('%1: no', label);
  }
  if (typeof value !== 'string') {
    return trans.__('%1: %2', label, value.length);
  }
  switch (field) {
    case 'nodes':
      return trans._n('%2 node', '%2 nodes', Number(value), value);
    case 'memoryPerCore':
      return trans.__('%1 per core', value);
    case 'coresPerEngine':
      return trans._n('%2 core per engine', '%2 cores per engine', Number(value), value);
    case 'enginesPerNode':
      return trans._n('%2 engine per node', '%2 engines per node', Number(value), value);
    default:
      return trans.__('%1: %2', label, value);
  }
}
