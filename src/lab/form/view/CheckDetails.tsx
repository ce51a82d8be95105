import { checkIcon } from '@jupyterlab/ui-components';
import type { CheckedPart, ClusterCheck } from '../../../api/clusterCheck';
import type { Problem } from '../../../api/problem';
import type { Translator } from '../../../api/translation';
import { checkedLabel, checkedWords, problemWords } from '../../../words';
import { Disclosure } from '../../parts/Disclosure';
import { WarningIcon } from '../../parts/WarningIcon';

/** Everything that a check looked at, closed at first. */
export function CheckDetails({ check, trans }: { check: ClusterCheck; trans: Translator }) {
  const right = check.parts.filter(part => wrongWith(part) === null).length;
  return (
    <Disclosure
      label={trans.__('What was checked')}
      summary={trans.__('%1 of %2 in order', right, check.parts.length)}
    >
      <dl className="jp-SubmitCheck">
        {check.parts.map(part => (
          <div key={part.what}>
            <dt>
              {wrongWith(part) === null ? (
                <span className="jp-SubmitForm-icon" aria-hidden="true">
                  <checkIcon.react tag={null} />
                </span>
              ) : (
                <WarningIcon
                  label={part.problem === null ? trans.__('Mind:') : trans.__('Wrong:')}
                />
              )}
              {checkedLabel(part.what, trans)}
            </dt>
            <dd>{partWords(part, check, trans)}</dd>
          </div>
        ))}
      </dl>
    </Disclosure>
  );
}

/** What was found, and what is wrong with it; a warning stands nowhere else, so that it comes with what to do. */
function partWords(part: CheckedPart, check: ClusterCheck, trans: Translator): string {
  const { problem, warning = null } = part;
  if (problem !== null) {
    return problemWords(problem, trans).title;
  }
  const found = checkedWords(part, check, trans);
  if (warning === null) {
    return found;
  }
  const { advice, title } = problemWords(warning, trans);
  return [found, title, advice].filter(words => words !== '').join('\n');
}

function wrongWith({ problem, warning = null }: CheckedPart): Problem | null {
  return problem ?? warning;
}
