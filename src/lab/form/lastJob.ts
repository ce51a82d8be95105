import type { JobRecord } from '../../api/job';
import type { IJobs } from '../tokens';

/** The newest job of a notebook; null when there is none, or none that is known to be of it. */
export function lastJob(jobs: IJobs, notebook: string): JobRecord | null {
  const ending = `/${notebook.split('/').at(-1) ?? ''}`;
  // Only files of the same name are looked up: the server has to be asked for each.
  return (
    jobs.list.find(
      ({ spec }) => spec.notebook.endsWith(ending) && jobs.contentsPath(spec.notebook) === notebook
    ) ?? null
  );
}
