import { FIELDS, FIELD_NAMES, type FieldGroup, type FieldName } from '../../../api/fields';

/** The fields of a group that a cluster takes, in their order. */
export function fieldsOf(group: FieldGroup, taken: readonly string[]): FieldName[] {
  return FIELD_NAMES.filter(name => FIELDS[name].group === group && taken.includes(name));
}
