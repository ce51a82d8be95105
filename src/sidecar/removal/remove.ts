import { type JobRecord, isTerminal } from '../../api/job';
import { problem } from '../../api/problem';
import { isLost } from '../../api/resultFiles';
import { jobDirectory } from '../../job/paths';
import type { Jobs } from '../records/jobs';
import { type Ways, shellOf } from '../clusters/shell';
import { missingOf } from '../collecting/missing';
import { listOutputs } from '../collecting/outputs';
import type { Shell } from '../remote/script';
import { removeFolders } from './removeFolders';

/** What removing a job uses. */
export interface Removing extends Ways {
  jobs: Jobs;
}

/**
 * Forgets a job that is over, and removes its job directory. What is on the user's machine stays; a result that is
 * not there yet would be lost, so such a job is only removed when `evenResult` says so. What the directory has counts, not
 * what the record says of it: a job may have run that we took for refused. A job whose record cannot be read is only
 * forgotten, as nobody knows what it has where, and only when `evenResult` says so.
 */
export async function removeJob(context: Removing, id: string, evenResult: boolean): Promise<void> {
  if (evenResult && context.jobs.unreadable().includes(id)) {
    context.jobs.remove(id);
    return;
  }
  const record = context.jobs.get(id);
  const { place } = record.result;
  if (!isTerminal(record.state) || place === 'pending' || place === 'fetching') {
    throw problem('job-active', { id });
  }
  if (!evenResult && (place === 'kept' || record.result.left.lost > 0)) {
    throw problem('result-not-fetched', { id });
  }
  if (record.isSwept) {
    context.jobs.remove(id);
    return;
  }
  const shell = shellOf(context, record.cluster);
  if (!evenResult && (await hasUnfetched(context, shell, record))) {
    throw problem('result-not-fetched', { id });
  }
  const directory = jobDirectory(record.cluster.baseFolder, id);
  const removed = (await removeFolders(shell, [directory])).get(directory);
  if (removed && removed.stays !== null) {
    const { stays, why } = removed;
    throw problem(
      'folder-not-removed',
      { id, path: stays },
      { details: { where: shell.remote.where, command: `rm -rf ${directory}`, output: why } }
    );
  }
  context.jobs.remove(id);
}

/** Whether the job directory has more of a result than has come. */
async function hasUnfetched(
  { jobs }: Pick<Removing, 'jobs'>,
  shell: Shell,
  record: JobRecord
): Promise<boolean> {
  const outputs = await listOutputs(shell, record);
  if (outputs === null) {
    return false;
  }
  const { files, notebook } = missingOf(record.result, jobs.allFiles(record.id, 'here'), outputs);
  return notebook || files.length > 0 || outputs.left.some(isLost);
}
