import { useId } from 'react';
import { fieldLabel } from '../../../words';
import type { FieldProps } from './formParts';

/** A field that is on or off. */
export function FlagField({ field, form, trans, usual }: FieldProps) {
  const id = useId();
  // Files are looked for unless somebody says no.
  const value = form.values[field] ?? usual[field] ?? field === 'findFiles';
  return (
    <div className="jp-SubmitField jp-mod-flag">
      <input
        id={id}
        className="jp-mod-styled"
        type="checkbox"
        name={field}
        checked={value === true}
        onChange={event => form.set(field, event.currentTarget.checked)}
      />
      <label htmlFor={id}>{fieldLabel(field, trans)}</label>
    </div>
  );
}
