import { useId } from 'react';
import { FieldLabel, noteOf } from './FieldLabel';
import { FieldNotes } from './FieldNotes';
import { emptyText, textIn } from '../model/fieldValue';
import { FIELDS } from '../../../api/fields';
import type { FieldProps } from './formParts';
import { wrongWords } from './wrongWords';

/** A field for a number or a line of text. */
export function TextField({
  choices = [],
  field,
  form,
  note = '',
  rule = {},
  trans,
  usual
}: FieldProps) {
  const id = useId();
  const wrong = wrongWords(form.fields, field, trans);
  return (
    <div className="jp-SubmitField">
      <FieldLabel id={id} field={field} rule={rule} trans={trans} />
      <input
        id={id}
        className="jp-mod-styled"
        type="text"
        name={field}
        inputMode={FIELDS[field].kind === 'count' ? 'numeric' : 'text'}
        autoComplete="off"
        list={choices.length > 0 ? `${id}-choices` : undefined}
        spellCheck={false}
        placeholder={emptyText(field, usual)}
        value={textIn(form.values, field)}
        readOnly={rule.locked === true}
        aria-required={rule.required === true}
        aria-invalid={wrong.length > 0}
        aria-describedby={`${id}-notes`}
        onChange={event => form.set(field, event.currentTarget.value)}
      />
      {choices.length > 0 && (
        <datalist id={`${id}-choices`}>
          {choices.map(choice => (
            <option key={choice.value} value={choice.value}>
              {choice.note}
            </option>
          ))}
        </datalist>
      )}
      <FieldNotes id={`${id}-notes`} note={note || noteOf(rule)} wrong={wrong} trans={trans} />
    </div>
  );
}
