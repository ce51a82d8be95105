import { HTMLSelect } from '@jupyterlab/ui-components';
import { useId } from 'react';
import { FIELDS, type Field } from '../../../api/fields';
import { FieldLabel, noteOf } from './FieldLabel';
import { FieldNotes } from './FieldNotes';
import { textIn } from '../model/fieldValue';
import type { FieldProps } from './formParts';
import { wrongWords } from './wrongWords';

/** A field for one of a few choices. */
export function ChoiceField({ field, form, rule = {}, trans, usual }: FieldProps) {
  const id = useId();
  const { choices }: Field = FIELDS[field];
  const options = Object.entries(choices?.(trans) ?? {});
  const wrong = wrongWords(form.fields, field, trans);
  return (
    <div className="jp-SubmitField">
      <FieldLabel id={id} field={field} rule={rule} trans={trans} />
      <HTMLSelect
        id={id}
        name={field}
        value={textIn(form.values, field) || textIn(usual, field) || options[0]?.[0]}
        disabled={rule.locked === true}
        aria-invalid={wrong.length > 0}
        aria-describedby={`${id}-notes`}
        options={options.map(([value, label]) => ({ value, label }))}
        onChange={event => form.set(field, event.currentTarget.value)}
      />
      <FieldNotes id={`${id}-notes`} note={noteOf(rule)} wrong={wrong} trans={trans} />
    </div>
  );
}
