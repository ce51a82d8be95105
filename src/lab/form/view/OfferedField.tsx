import type { FieldName } from '../../../api/fields';
import { ruleFor } from '../../../api/profileRules';
import { findChoice } from '../model/drafts';
import { textIn } from '../model/fieldValue';
import { choicesFor, mismatchOf, withSite } from '../model/offered';
import { defaultValues } from '../model/startValues';
import { AnyField } from './AnyField';
import type { FormParts } from './formParts';

/** A field with what the cluster and its site offer for it. */
export function OfferedField({
  checks,
  clusters,
  field,
  form,
  trans
}: FormParts & { field: FieldName }) {
  const choice = findChoice(clusters, textIn(form.values, 'cluster'));
  const usual = defaultValues(choice);
  const textOf = (name: FieldName): string => textIn(form.values, name) || textIn(usual, name);
  const asked = { queue: textOf('queue'), account: textOf('account'), qos: textOf('qos') };
  const rule = ruleFor(choice?.profile ?? null, field);
  return (
    <AnyField
      field={field}
      form={form}
      usual={usual}
      choices={withSite(choicesFor(field, checks, asked, trans), rule)}
      note={mismatchOf(field, checks, asked, trans)}
      rule={rule}
      trans={trans}
    />
  );
}
