import { closeIcon } from '@jupyterlab/ui-components';
import { type KeyboardEvent, useId, useState } from 'react';
import { fieldLabel } from '../../../words';
import { FieldNotes } from './FieldNotes';
import { linesIn } from '../model/fieldValue';
import type { FieldProps } from './formParts';
import { wrongWords } from './wrongWords';

/** A list of file patterns, each with a button that removes it, and a field that adds one. */
export function PatternsField({ field, form, trans }: FieldProps) {
  const id = useId();
  const [text, setText] = useState('');
  const patterns = linesIn(form.values, field);
  const wrong = wrongWords(form.fields, field, trans);
  const add = (): void => {
    const pattern = text.trim();
    if (pattern !== '' && !patterns.includes(pattern)) {
      form.set(field, [...patterns, pattern]);
    }
    setText('');
  };
  const addOnEnter = (event: KeyboardEvent): void => {
    // Enter in an empty field submits, as it does in every other field.
    if (event.key === 'Enter' && !event.nativeEvent.isComposing && text.trim() !== '') {
      event.preventDefault();
      add();
    }
  };
  return (
    <div className="jp-SubmitField">
      <label htmlFor={id}>{fieldLabel(field, trans)}</label>
      {patterns.length > 0 && (
        <ul className="jp-SubmitPatterns">
          {patterns.map(pattern => (
            <li key={pattern}>
              <code title={pattern}>{pattern}</code>
              <button
                type="button"
                className="jp-SubmitForm-iconButton"
                title={trans.__('Remove')}
                aria-label={trans.__('Remove %1', pattern)}
                onClick={() =>
                  form.set(
                    field,
                    patterns.filter(other => other !== pattern)
                  )
                }
              >
                <closeIcon.react tag={null} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="jp-SubmitPatterns-new">
        <input
          id={id}
          className="jp-mod-styled"
          type="text"
          name={field}
          autoComplete="off"
          spellCheck={false}
          placeholder="*.csv"
          value={text}
          aria-invalid={wrong.length > 0}
          aria-describedby={`${id}-notes`}
          onChange={event => setText(event.currentTarget.value)}
          onKeyDown={addOnEnter}
        />
        <button
          type="button"
          className="jp-Button jp-mod-small"
          aria-label={trans.__('Add to %1', fieldLabel(field, trans))}
          onClick={add}
        >
          {trans.__('Add')}
        </button>
      </div>
      <FieldNotes id={`${id}-notes`} note="" wrong={wrong} trans={trans} />
    </div>
  );
}
