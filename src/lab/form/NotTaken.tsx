import type { CheckAnswer } from '../../api/routes';
import type { Translator } from '../../api/translation';
import { WarningIcon } from './WarningIcon';

/** How many are named one by one. */
const FEW = 5;

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
  const more = lines.length - FEW;
  return lines.length === 0 ? null : (
    <ul className="jp-SubmitWarnings" aria-label={trans.__('Not taken along')}>
      {[...new Set(lines)].slice(0, more > 1 ? FEW : FEW + 1).map(line => (
        <li key={line} title={line}>
          <WarningIcon label={trans.__('Mind:')} />
          <span>{line}</span>
        </li>
      ))}
      {more > 1 && <li>{trans._n('and %1 more', 'and %1 more', more)}</li>}
    </ul>
  );
}
