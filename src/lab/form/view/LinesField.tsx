import { useId } from 'react';
import { FieldLabel, noteOf } from './FieldLabel';
import { FieldNotes } from './FieldNotes';
import { linesIn } from '../model/fieldValue';
import type { FieldProps } from './formParts';
import { wrongWords } from './wrongWords';

/** A field of several lines, such as those that run before the engines start. */
export function LinesField({ field, form, rule = {}, trans, usual }: FieldProps) {
  const id = useId();
  const lines = linesIn(form.values, field);
  const wrong = wrongWords(form.fields, field, trans);
  return (
    <div className="jp-SubmitField">
      <FieldLabel id={id} field={field} rule={rule} trans={trans} />
      <textarea
        id={id}
        className="jp-SubmitField-lines"
        name={field}
        rows={Math.min(Math.max(lines.length, 1), 8)}
        spellCheck={false}
        wrap="off"
        placeholder={linesIn(usual, field).join('\n')}
        value={lines.join('\n')}
        readOnly={rule.locked === true}
        aria-required={rule.required === true}
        aria-invalid={wrong.length > 0}
        aria-describedby={`${id}-notes`}
        onChange={event => form.set(field, linesOf(event.currentTarget.value))}
      />
      <FieldNotes
        id={`${id}-notes`}
        note={noteOf(rule) || trans.__('One line each')}
        wrong={wrong}
        trans={trans}
      />
    </div>
  );
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}
