import { FIELDS, type FieldName } from '../../../api/fields';
import { ruled } from '../../../api/profileRules';
import type { ClusterChoice } from '../../../api/routes';

/** The fields that the site of a cluster wants, beside those that are always in sight. */
export function neededFields(choice: ClusterChoice | null): FieldName[] {
  const { required } = ruled(choice?.profile ?? null);
  return required.filter(
    field => FIELDS[field].group !== 'top' && (choice?.fields ?? []).includes(field)
  );
}
