import type { JobRecord } from '../../api/job';
import type { Translator } from '../../api/translation';
import { stateLabel } from '../../words';

/**
 * The jobs in which every word of `text` occurs, in whatever case: in the name of the notebook or of the job, in its
 * id, its cluster or the word for its state.
 */
export function filterJobs(
  jobs: readonly JobRecord[],
  text: string,
  trans: Translator
): readonly JobRecord[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  return words.length === 0
    ? jobs
    : jobs.filter(job => {
        const told = toldOf(job, trans);
        return words.every(word => told.includes(word));
      });
}

function toldOf({ cluster, id, spec, state }: JobRecord, trans: Translator): string {
  const file = spec.notebook.slice(spec.notebook.lastIndexOf('/') + 1);
  return [file, spec.name, id, cluster.name, cluster.title, stateLabel(state, trans)]
    .join('\n')
    .toLowerCase();
}
