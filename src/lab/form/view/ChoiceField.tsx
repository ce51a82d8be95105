import { HTMLSelect } from '@jupyterlab/ui-components';
import { useId } from 'react';
import { START_ENGINES } from '../../../api/fields';
import type { Translator } from '../../../api/translation';
import { fieldLabel } from '../../../words';
import { FieldNotes } from './FieldNotes';
import { textIn } from '../model/fieldValue';
import type { FieldProps } from './formParts';
import { wrongWords } from './wrongWords';

/** A field for one of a few choices. */
export function ChoiceField({ field, form, trans, usual }: FieldProps) {
  const id = useId();
  const wrong = wrongWords(form.fields, field, trans);
  return (
    <div className="jp-SubmitField">
      <label htmlFor={id}>{fieldLabel(field, trans)}</label>
      <HTMLSelect
        id={id}
        name={field}
        value={textIn(form.values, field) || textIn(usual, field) || START_ENGINES[0]}
        aria-invalid={wrong.length > 0}
        aria-describedby={`${id}-notes`}
        options={START_ENGINES.map(choice => ({
          value: choice,
          label: choiceLabel(choice, trans)
        }))}
        onChange={event => form.set(field, event.currentTarget.value)}
      />
      <FieldNotes id={`${id}-notes`} note="" wrong={wrong} trans={trans} />
    </div>
  );
}

function choiceLabel(choice: (typeof START_ENGINES)[number], trans: Translator): string {
  switch (choice) {
    case 'auto':
      return trans.__('when the notebook uses ipyparallel');
    case 'always':
      return trans.__('always');
    case 'never':
      return trans.__('never');
  }
}
