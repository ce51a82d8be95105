import { checkIcon } from '@jupyterlab/ui-components';
import { CommandIDs } from '../commandIDs';
import { ProblemView } from '../jobs/ProblemView';
import { findChoice } from './drafts';
import { textIn } from './fieldValue';
import type { FormParts } from './formParts';

/** How it stands with the chosen cluster, below its name. */
export function ClusterStatus({ clusters, commands, form, id, trans }: FormParts & { id: string }) {
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
  return (
    <p id={id} className="jp-SubmitForm-status" aria-live="polite">
      {choice === null || (form.isChecking && form.check === null) ? (
        trans.__('Checking…')
      ) : (
        <>
          <span className="jp-SubmitForm-icon" aria-hidden="true">
            <checkIcon.react tag={null} />
          </span>
          {choice.cores === null
            ? trans.__('Ready')
            : trans._n('Ready, %1 core', 'Ready, %1 cores', choice.cores)}
        </>
      )}
    </p>
  );
}
