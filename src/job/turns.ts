import type { JobRecord } from '../api/job';

/** Whose turn it is, and who waits, in their order. */
export interface Turns {
  start: string[];
  waiting: string[];
}

/**
 * Which jobs of a machine without a batch system may begin now. First come, first served: nobody overtakes a large job that
 * waits, or it would for ever. A job begins when its cores are free, or, where its settings say how many jobs may run at a
 * time, when fewer do; and always when nothing runs: one that asks for more cores than there are runs alone.
 *
 * @param jobs Those that are not over, oldest first.
 * @param cores How many the machine has.
 */
export function turnsOf(
  jobs: readonly JobRecord[],
  hasBegun: (job: JobRecord) => boolean,
  cores: number
): Turns {
  const running = jobs.filter(hasBegun);
  const start: string[] = [];
  const waiting: string[] = [];
  for (const job of jobs) {
    if (hasBegun(job)) {
      continue;
    }
    if (job.cancelRequestedAt !== null) {
      // Nothing will run: it is ended.
      start.push(job.id);
    } else if (waiting.length === 0 && fits(job, running, cores)) {
      running.push(job);
      start.push(job.id);
    } else {
      waiting.push(job.id);
    }
  }
  return { start, waiting };
}

function fits({ cluster, spec }: JobRecord, running: readonly JobRecord[], cores: number): boolean {
  const { jobsAtOnce } = cluster;
  if (running.length === 0) {
    return true;
  }
  const used = running.reduce((sum, job) => sum + job.spec.cores, 0);
  return jobsAtOnce === null ? used + spec.cores <= cores : running.length < jobsAtOnce;
}
