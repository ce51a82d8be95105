import { CommandIDs } from '../commandIDs';
import { useChanged } from '../jobs/useChanged';
import type { FormParts } from './formParts';

/** What a newcomer reads: what will happen, and how to go on from there. */
export function FirstRun({ clusters, commands, jobs, trans }: FormParts) {
  useChanged(jobs.changed);
  const { length } = clusters.choices;
  return jobs.phase === 'live' && jobs.list.length === 0 && length > 0 ? (
    <div className="jp-SubmitForm-firstRun">
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
