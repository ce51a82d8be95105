import { checkIcon } from '@jupyterlab/ui-components';
import { THIS_MACHINE } from '../../../api/cluster';
import { checkProblems } from '../../../api/clusterCheck';
import type { ClusterChoice } from '../../../api/routes';
import { readyWords } from '../../../words';
import { CommandIDs } from '../../commandIDs';
import { ProblemView } from '../../parts/ProblemView';
import { CheckDetails } from './CheckDetails';
import { checkActions } from './checkActions';
import { checkedProblems } from '../model/checkedProblems';
import { findChoice } from '../model/drafts';
import { textIn } from '../model/fieldValue';
import type { FormParts } from './formParts';

/** How it stands with the chosen cluster, below its name. */
export function ClusterStatus({ id, ...parts }: FormParts & { id: string }) {
  const { checks, clusters, commands, form, trans } = parts;
  const choice = findChoice(clusters, textIn(form.values, 'cluster'));
  const openSettings = {
    label: trans.__('Open settings'),
    run: () => void commands.execute(CommandIDs.openSettings)
  };
  const retry = { label: trans.__('Retry'), run: () => void clusters.load(true) };
  if (choice?.problem) {
    return (
      <div id={id}>
        <ProblemView problem={choice.problem} trans={trans} actions={[openSettings]} />
      </div>
    );
  }
  if (choice === null && clusters.phase === 'offline' && clusters.problem !== null) {
    return (
      <div id={id}>
        <ProblemView problem={clusters.problem} trans={trans} actions={[retry]} />
      </div>
    );
  }
  const state = checks.current;
  const problems = choice === null ? [] : checkedProblems(state);
  return (
    <>
      <div id={id}>
        <p className="jp-SubmitForm-status" aria-live="polite">
          <StatusLine {...parts} choice={choice} />
        </p>
        {problems.map((problem, index) => (
          <ProblemView
            key={problem.code}
            problem={problem}
            trans={trans}
            actions={checkActions(problem, index === problems.length - 1, parts)}
          />
        ))}
      </div>
      {choice !== null && state.check !== null && (
        <CheckDetails check={state.check} trans={trans} />
      )}
    </>
  );
}

/** That the cluster is ready, being checked, or not checked; nothing where the problems below say it. */
function StatusLine({ checks, choice, form, trans }: FormParts & { choice: ClusterChoice | null }) {
  const { check, isChecking, problem } = checks.current;
  const isHere = choice?.name === THIS_MACHINE;
  if (choice === null || isChecking || (isHere && form.isChecking && form.check === null)) {
    return trans.__('Checking…');
  }
  if (problem !== null || (check !== null && checkProblems(check).length > 0)) {
    return null;
  }
  if (check === null && !isHere) {
    return trans.__('Not checked yet');
  }
  return (
    <>
      <span className="jp-SubmitForm-icon" aria-hidden="true">
        <checkIcon.react tag={null} />
      </span>
      {check !== null && check.scheduler !== 'local'
        ? readyWords(check, trans)
        : coresWords(choice, trans)}
    </>
  );
}

function coresWords({ cores }: ClusterChoice, trans: FormParts['trans']): string {
  return cores === null ? trans.__('Ready') : trans._n('Ready, %1 core', 'Ready, %1 cores', cores);
}
