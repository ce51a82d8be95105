import { type JobRecord, isTerminal } from '../api/job';
import { jobPaths } from '../job/paths';
import { quote } from '../schedulers/text';
import type { Context } from './context';
import { shellOf } from './look';
import { runScript } from './remote/script';

const DAY_SECONDS = 86_400;

/**
 * Removes the job directories of a cluster whose time is over, in one remote command. Called when its results have
 * just come home, so that no host is contacted for this alone. Never rejects: what stays is removed another time.
 */
export async function sweep(context: Context, cluster: JobRecord['cluster']): Promise<void> {
  const { clock, jobs, log } = context;
  const due = jobs
    .list()
    .filter(job => job.cluster.name === cluster.name && isDue(job, clock.now(), cluster.keepDays));
  const directories = due.map(({ cluster: { baseFolder }, id, spec }) =>
    quote(jobPaths(baseFolder, id, spec.notebook).directory)
  );
  if (due.length === 0) {
    return;
  }
  try {
    const answer = await runScript(shellOf(context, cluster), {
      body: `rm -rf -- ${directories.join(' ')}`
    });
    if (answer.exitCode !== 0) {
      throw new Error(answer.stderr);
    }
    due.forEach(({ id }) => jobs.update(id, { isSwept: true }));
    log.info({ cluster: cluster.name, jobs: due.length }, 'job directories removed');
  } catch (error) {
    log.warn({ cluster: cluster.name, err: error }, 'job directories not removed');
  }
}

/** Whether all that a job made is home, and has been for long enough. A lost job may still leave something. */
function isDue(
  { endedAt, isSwept, result, state }: JobRecord,
  now: number,
  keepDays: number
): boolean {
  const isHome = result.place === 'here' && result.problem === null && result.left.length === 0;
  return (
    !isSwept &&
    isTerminal(state) &&
    state !== 'lost' &&
    isHome &&
    endedAt !== null &&
    now - endedAt >= keepDays * DAY_SECONDS
  );
}
