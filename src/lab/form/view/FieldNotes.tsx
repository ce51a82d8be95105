import type { Translator } from '../../../api/translation';
import { WarningIcon } from '../../parts/WarningIcon';

interface FieldNotesProps {
  /** Id of the element, for the field's `aria-describedby`. */
  id: string;
  note: string;
  wrong: readonly string[];
  trans: Translator;
}

/** What is said below a field: what its value comes to, or what is wrong with it. */
export function FieldNotes({ id, note, trans, wrong }: FieldNotesProps) {
  return (
    <div id={id} className="jp-SubmitField-notes">
      {wrong.length === 0 && note !== '' && <span className="jp-SubmitField-note">{note}</span>}
      {wrong.map(words => (
        <span key={words} className="jp-SubmitField-wrong">
          <WarningIcon label={trans.__('Wrong:')} />
          <span>{words}</span>
        </span>
      ))}
    </div>
  );
}
