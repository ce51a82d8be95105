import { type JobRecord, isTerminal } from '../../api/job';
import { jobDirectory } from '../../job/paths';
import type { Clock } from '../process/clock';
import type { Log } from '../process/log';
import type { Jobs } from '../records/jobs';
import { type Ways, shellOf } from '../clusters/shell';
import { removeFolders } from './removeFolders';
import { siteKey } from '../clusters/site';

const DAY_SECONDS = 86_400;

/** What removing job directories in time uses. */
export interface Sweeping extends Ways {
  jobs: Jobs;
  clock: Clock;
  log: Log;
}

/**
 * Removes the job directories of a cluster's site whose time is over, in one remote command. Called when results of it have
 * just come home, so that no host is contacted for this alone. Never rejects: what stays is removed another time.
 *
 * @param cluster as it is now: jobs of its name go by its `keepDays`, those of other names by their own.
 */
export async function sweep(context: Sweeping, cluster: JobRecord['cluster']): Promise<void> {
  const { clock, jobs, log } = context;
  const site = siteKey(cluster);
  const now = clock.now();
  for (const { endSeenAt, id, state } of jobs.list()) {
    if (isTerminal(state) && endSeenAt === null) {
      // By an earlier version, which did not note it: the time begins now.
      jobs.update(id, { endSeenAt: now });
    }
  }
  const due = jobs.list().filter(job => {
    const { keepDays } = job.cluster.name === cluster.name ? cluster : job.cluster;
    return siteKey(job.cluster) === site && isDue(job, now, keepDays);
  });
  if (due.length === 0) {
    return;
  }
  const directoryOf = ({ cluster: { baseFolder }, id }: JobRecord): string =>
    jobDirectory(baseFolder, id);
  try {
    const removed = await removeFolders(shellOf(context, cluster), due.map(directoryOf));
    for (const job of due) {
      const { stays, ...more } = removed.get(directoryOf(job)) ?? { stays: '' };
      if (stays === null) {
        jobs.update(job.id, { isSwept: true });
        log.info({ job: job.id, cluster: cluster.name }, 'job directory removed');
      } else {
        log.warn(
          { job: job.id, cluster: cluster.name, stays, ...more },
          'job directory not removed'
        );
      }
    }
  } catch (error) {
    log.warn({ cluster: cluster.name, err: error }, 'job directories not removed');
  }
}

/**
 * Whether all that a job made is home, and has been for long enough since we saw its end: its node may have any time. A
 * lost job may still leave something.
 */
function isDue(
  { endSeenAt, isSwept, result, state }: JobRecord,
  now: number,
  keepDays: number
): boolean {
  const isHome = result.place === 'here' && result.problem === null && result.left.lost === 0;
  return (
    !isSwept &&
    isTerminal(state) &&
    state !== 'lost' &&
    isHome &&
    endSeenAt !== null &&
    now - endSeenAt >= keepDays * DAY_SECONDS
  );
}
