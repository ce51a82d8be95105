import type { JobRecord } from '../../api/job';
import type { SubmitRequest } from '../../api/routes';
import type { ClusterSources } from '../clusters/clusters';
import type { Clock } from '../process/clock';
import { behalfOf } from '../remote/asker';
import type { Jobs } from '../records/jobs';
import { newJob } from './newJob';
import { planJob } from './plan';

/** What accepting a submission uses. */
export interface Accepting extends ClusterSources {
  jobs: Jobs;
  clock: Clock;
}

/**
 * Records a job with all that its submission needs, before anything is done for it. An id that is known is that job, whatever
 * comes with it: whoever has not heard the answer asks again.
 *
 * @throws ProblemError as planning does, and where records cannot be written.
 */
export async function acceptJob(
  parts: Accepting,
  id: string,
  asked: SubmitRequest
): Promise<{ record: JobRecord; isNew: boolean }> {
  const { clock, jobs } = parts;
  const known = jobs.find(id);
  if (known) {
    return { record: known, isNew: false };
  }
  const plan = await planJob(asked, parts, { id, behalf: behalfOf({ asks: asked.asks }) });
  const { engines, files, folders, mpi, notebook } = plan;
  return jobs.add(newJob(id, plan, clock.now()), {
    environment: asked.caller.environment ?? {},
    notebook,
    engines,
    mpi,
    folders,
    files: files.map(({ path }) => path)
  });
}
