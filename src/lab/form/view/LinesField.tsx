import { useId } from 'react';
import { fieldLabel } from '../../../words';
import { FieldNotes } from './FieldNotes';
import { linesIn } from '../model/fieldValue';
import type { FieldProps } from './formParts';
import { wrongWords } from './wrongWords';

/** A field of several lines, such as those that run before the engines start. */
export function LinesField({ field, form, trans, usual }: FieldProps) {
  const id = useId();
  const lines = linesIn(form.values, field);
  const wrong = wrongWords(form.fields, field, trans);
  return (
    <div className="jp-SubmitField">
      <label htmlFor={id}>{fieldLabel(field, trans)}</label>
      <textarea
        id={id}
        className="jp-SubmitField-lines"
        name={field}
        rows={Math.min(Math.max(lines.length, 1), 8)}
        spellCheck={false}
        wrap="off"
        placeholder={linesIn(usual, field).join('\n')}
        value={lines.join('\n')}
        aria-invalid={wrong.length > 0}
        aria-describedby={`${id}-notes`}
        onChange={event => form.set(field, linesOf(event.currentTarget.value))}
      />
      <FieldNotes id={`${id}-notes`} note={trans.__('One line each')} wrong={wrong} trans={trans} />
    </div>
  );
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}
