import type { FieldName } from '../../../api/fields';
import type { FieldRule } from '../../../api/profile';
import type { Translator } from '../../../api/translation';
import { fieldLabel } from '../../../words';

interface FieldLabelProps {
  /** Id of the field's element. */
  id: string;
  field: FieldName;
  rule: FieldRule;
  trans: Translator;
}

/** What a field is called, and whether the site wants it, or has set it. */
export function FieldLabel({ field, id, rule, trans }: FieldLabelProps) {
  const mark =
    rule.locked === true
      ? trans.__('set by the site')
      : rule.required === true
        ? trans.__('needed')
        : undefined;
  return (
    <label htmlFor={id} data-mark={mark}>
      {fieldLabel(field, trans)}
    </label>
  );
}

/** What a profile has to say below a field. */
export function noteOf({ note = '' }: FieldRule): string {
  return note;
}
