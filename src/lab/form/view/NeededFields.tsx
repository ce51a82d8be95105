import { findChoice } from '../model/drafts';
import { textIn } from '../model/fieldValue';
import { neededFields } from '../model/neededFields';
import type { FormParts } from './formParts';
import { OfferedField } from './OfferedField';

/** What the site wants of each job, always in sight. */
export function NeededFields(parts: FormParts) {
  const choice = findChoice(parts.clusters, textIn(parts.form.values, 'cluster'));
  return neededFields(choice).map(field => <OfferedField key={field} field={field} {...parts} />);
}
