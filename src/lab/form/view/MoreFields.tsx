import { AnyField } from './AnyField';
import { Disclosure } from '../../parts/Disclosure';
import { findChoice } from '../model/drafts';
import { textIn } from '../model/fieldValue';
import type { FieldName } from '../../../api/fields';
import { fieldsOf } from '../model/fields';
import type { FormParts } from './formParts';
import { MORE_GROUPS, groupLabel } from './moreGroups';
import { choicesFor, markFor } from '../model/offered';
import { moreWords } from './moreWords';
import { defaultValues } from '../model/startValues';
import { wrongWords } from './wrongWords';

/** Everything that few people need: closed, a line that says what differs from the usual; open, the fields. */
export function MoreFields({ checks, clusters, form, trans }: FormParts) {
  const choice = findChoice(clusters, textIn(form.values, 'cluster'));
  const usual = defaultValues(choice);
  const textOf = (field: FieldName): string => textIn(form.values, field) || textIn(usual, field);
  const asked = { queue: textOf('queue'), account: textOf('account'), qos: textOf('qos') };
  const groups = MORE_GROUPS.map(group => ({
    group,
    fields: fieldsOf(group, choice?.fields ?? [])
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
          {fields.map(field => (
            <AnyField
              key={field}
              field={field}
              form={form}
              usual={usual}
              choices={choicesFor(field, checks, asked, trans)}
              note={markFor(field, checks, asked, trans)}
              trans={trans}
            />
          ))}
        </fieldset>
      ))}
    </Disclosure>
  );
}
