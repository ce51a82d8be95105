import { useId } from 'react';
import { fieldLabel } from '../../api/words';
import type { FieldProps } from './formParts';

/** A field that is on or off. */
export function FlagField({ field, form, isOn = false, trans }: FieldProps & { isOn?: boolean }) {
  const id = useId();
  const value = form.values[field];
  return (
    <div className="jp-SubmitField jp-mod-flag">
      <input
        id={id}
        className="jp-mod-styled"
        type="checkbox"
        name={field}
        checked={typeof value === 'boolean' ? value : isOn}
        onChange={event => form.set(field, event.currentTarget.checked)}
      />
      <label htmlFor={id}>{fieldLabel(field, trans)}</label>
    </div>
  );
}
