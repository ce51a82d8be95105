import type { CheckAnswer } from '../../../api/routes';
import type { Translator } from '../../../api/translation';
import { noteWords } from '../../../words';
import { WarningIcon } from '../../parts/WarningIcon';

/** What a person has to know of the job before it is submitted. */
export function PlanNotes({ check, trans }: { check: CheckAnswer; trans: Translator }) {
  const lines = check.notes.map(note => noteWords(note, trans));
  return lines.length === 0 ? null : (
    <ul className="jp-SubmitWarnings" aria-label={trans.__('To know before')}>
      {lines.map(line => (
        <li key={line} title={line}>
          <WarningIcon label={trans.__('Mind:')} />
          <span>{line}</span>
        </li>
      ))}
    </ul>
  );
}
