import { isTerminal, type JobRecord } from '../api/job';
import { problem } from '../api/problem';
import { command } from '../schedulers/text';
import type { Context } from './context';
import { shellOf } from './look';
import { commandFailed } from './remote/failure';
import { runScript } from './remote/script';

/**
 * Asks the cluster to end a job. What becomes of it is still decided by the job's own files. A job that is not in
 * the queue yet is ended by its submission.
 */
export async function cancelJob(context: Context, id: string): Promise<JobRecord> {
  const record = context.jobs.get(id);
  if (isTerminal(record.state)) {
    throw problem('job-over', { id });
  }
  context.jobs.update(id, { cancelRequestedAt: record.cancelRequestedAt ?? context.clock.now() });
  await endOnCluster(context, id);
  return context.jobs.get(id);
}

/** Runs the scheduler's own cancel command, for a job that has reached it. */
export async function endOnCluster(context: Context, id: string): Promise<void> {
  const { cluster, schedulerId } = context.jobs.get(id);
  if (schedulerId === null) {
    return;
  }
  const shell = shellOf(context, cluster);
  const argv = shell.scheduler.cancelArgv({ id, schedulerId });
  const answer = await runScript(shell, { body: command(argv) });
  if (answer.exitCode !== 0) {
    throw commandFailed(cluster, shell.remote, command(argv), answer);
  }
}
