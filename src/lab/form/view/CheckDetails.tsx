import { checkIcon } from '@jupyterlab/ui-components';
import type { ClusterCheck } from '../../../api/clusterCheck';
import type { Translator } from '../../../api/translation';
import { checkedLabel, checkedWords, problemWords } from '../../../words';
import { Disclosure } from '../../parts/Disclosure';
import { WarningIcon } from '../../parts/WarningIcon';

/** Everything that a check looked at, closed at first. */
export function CheckDetails({ check, trans }: { check: ClusterCheck; trans: Translator }) {
  const right = check.parts.filter(({ problem }) => problem === null).length;
  return (
    <Disclosure
      label={trans.__('What was checked')}
      summary={trans.__('%1 of %2 in order', right, check.parts.length)}
    >
      <dl className="jp-SubmitCheck">
        {check.parts.map(part => (
          <div key={part.what}>
            <dt>
              {part.problem === null ? (
                <span className="jp-SubmitForm-icon" aria-hidden="true">
                  <checkIcon.react tag={null} />
                </span>
              ) : (
                <WarningIcon label={trans.__('Wrong:')} />
              )}
              {checkedLabel(part.what, trans)}
            </dt>
            <dd>
              {part.problem === null
                ? checkedWords(part, check, trans)
                : problemWords(part.problem, trans).title}
            </dd>
          </div>
        ))}
      </dl>
    </Disclosure>
  );
}
