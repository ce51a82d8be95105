import { THIS_MACHINE } from '../../../api/cluster';
import { CommandIDs } from '../../commandIDs';
import { useChanged } from '../../parts/useChanged';
import { textIn } from '../model/fieldValue';
import type { FormParts } from './formParts';

/** What a newcomer reads: what will happen, and how to go on from there. */
export function FirstRun({ clusters, commands, form, jobs, trans }: FormParts) {
  useChanged(jobs.changed);
  const { length } = clusters.choices;
  const isNewcomer = jobs.phase === 'live' && jobs.list.length === 0 && length > 0;
  // Whoever has chosen a cluster knows how, and needs the place for what is said of it.
  return isNewcomer && textIn(form.values, 'cluster') === THIS_MACHINE ? (
    <div className="jp-SubmitForm-aside">
      <p>
        {trans.__(
          'Submit runs a copy of this notebook from top to bottom, with an engine for each core, and puts the executed copy beside it; you can close the page meanwhile.'
        )}
      </p>
      <p>
        {length === 1
          ? trans.__('Jobs run on this machine until you add a cluster.')
          : trans.__('Jobs run on this machine until you choose a cluster.')}{' '}
        <button
          type="button"
          className="jp-SubmitForm-link"
          onClick={() => void commands.execute(CommandIDs.openSettings)}
        >
          {trans.__('Add a cluster')}
        </button>
      </p>
    </div>
  ) : null;
}
