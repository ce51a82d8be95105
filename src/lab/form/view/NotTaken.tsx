import { useState } from 'react';
import type { CheckAnswer } from '../../../api/routes';
import type { Translator } from '../../../api/translation';
import { WarningIcon } from '../../parts/WarningIcon';

/** How many are named one by one. */
const FEW = 3;

/** What the notebook names and what does not go along, so that a job does not fail for it unexpectedly. */
export function NotTaken({ check, trans }: { check: CheckAnswer; trans: Translator }) {
  const lines = [
    ...check.notTaken.map(({ cell, literal }) =>
      cell > 0
        ? trans.__('Not taken along: %1 (cell %2)', literal, cell)
        : trans.__('Not taken along: %1', literal)
    ),
    ...check.skipped.map(({ cell, file, named }) =>
      trans.__('Not looked into: %1', named ?? file ?? trans.__('cell %1', cell ?? 0))
    )
  ];
  const [isWhole, setIsWhole] = useState(false);
  const different = [...new Set(lines)];
  const shown = isWhole ? different : different.slice(0, FEW);
  return lines.length === 0 ? null : (
    <ul className="jp-SubmitWarnings" aria-label={trans.__('Not taken along')}>
      {shown.map(line => (
        <li key={line} title={line}>
          <WarningIcon label={trans.__('Mind:')} />
          <span>{line}</span>
        </li>
      ))}
      {shown.length < different.length && (
        <li>
          <button type="button" className="jp-SubmitForm-link" onClick={() => setIsWhole(true)}>
            {trans._n('Show %1 more', 'Show %1 more', different.length - shown.length)}
          </button>
        </li>
      )}
    </ul>
  );
}
