import { isTerminal } from '../api/job';
import { problem } from '../api/problem';
import { jobPaths } from '../job/paths';
import { quote } from '../schedulers/text';
import type { Context } from './context';
import { shellOf } from './look';
import { commandFailed } from './remote/failure';
import { runScript } from './remote/script';

/**
 * Forgets a job that is over, and removes its job directory. What is on the user's machine stays; a result that is
 * not there yet would be lost, so such a job is only removed when `evenResult` says so.
 */
export async function removeJob(context: Context, id: string, evenResult: boolean): Promise<void> {
  const record = context.jobs.get(id);
  const { place } = record.result;
  if (!isTerminal(record.state) || place === 'pending' || place === 'fetching') {
    throw problem('job-active', { id });
  }
  if (!evenResult && (place === 'kept' || record.result.left.length > 0)) {
    throw problem('result-not-fetched', { id });
  }
  if (record.isSwept) {
    context.jobs.remove(id);
    return;
  }
  const shell = shellOf(context, record.cluster);
  const { directory } = jobPaths(record.cluster.baseFolder, id, record.spec.notebook);
  const body = `rm -rf -- ${quote(directory)}`;
  const answer = await runScript(shell, { body });
  if (answer.exitCode !== 0) {
    throw commandFailed(record.cluster, shell.remote, body, answer);
  }
  context.jobs.remove(id);
}
