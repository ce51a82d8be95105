import type { JobRecord } from '../../../api/job';
import type { ContentsPath } from '../../../api/paths';
import type { IJobs } from '../../tokens';

/** The jobs of a notebook, newest first: those that are known to be of it. */
export function jobsOf(jobs: IJobs, notebook: ContentsPath): JobRecord[] {
  const ending = `/${notebook.split('/').at(-1) ?? ''}`;
  // Only files of the same name are looked up: the server has to be asked for each.
  return jobs.list.filter(
    ({ spec }) => spec.notebook.endsWith(ending) && jobs.contentsPath(spec.notebook) === notebook
  );
}
