import { Disclosure } from '../../parts/Disclosure';
import { findChoice } from '../model/drafts';
import { textIn } from '../model/fieldValue';
import type { FieldName } from '../../../api/fields';
import { fieldsOf } from '../model/fields';
import { neededFields } from '../model/neededFields';
import type { FormParts } from './formParts';
import { MORE_GROUPS, groupLabel } from './moreGroups';
import { moreWords } from './moreWords';
import { OfferedField } from './OfferedField';
import { SiteEnvironments } from './SiteEnvironments';
import { wrongWords } from './wrongWords';

/** Everything that few people need: closed, a line that says what differs from the usual; open, the fields. */
export function MoreFields(parts: FormParts) {
  const { clusters, form, trans } = parts;
  const choice = findChoice(clusters, textIn(form.values, 'cluster'));
  const needed = neededFields(choice);
  const groups = MORE_GROUPS.map(group => ({
    group,
    fields: fieldsOf(group, choice?.fields ?? []).filter(field => !needed.includes(field))
  })).filter(({ fields }) => fields.length > 0);
  const isWrong = (field: FieldName): boolean => wrongWords(form.fields, field, trans).length > 0;
  return (
    <Disclosure
      label={trans.__('More')}
      summary={moreWords(form.values, choice, trans)}
      isForced={groups.some(({ fields }) => fields.some(isWrong))}
    >
      {groups.map(({ fields, group }) => (
        <fieldset key={group} className="jp-SubmitForm-group">
          <legend>{groupLabel(group, trans)}</legend>
          {group === 'environment' && (
            <SiteEnvironments choice={choice} form={form} trans={trans} />
          )}
          {fields.map(field => (
            <OfferedField key={field} field={field} {...parts} />
          ))}
        </fieldset>
      ))}
    </Disclosure>
  );
}
