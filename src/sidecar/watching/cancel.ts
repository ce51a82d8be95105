import { isTerminal, type JobRecord } from '../../api/job';
import { type Problem, problem } from '../../api/problem';
import { retryInterval } from '../../job/pace';
import { command } from '../../shell/quote';
import { asProblem } from '../process/asProblem';
import type { Clock } from '../process/clock';
import type { Log } from '../process/log';
import type { Jobs } from '../records/jobs';
import { type Ways, shellOf } from '../clusters/shell';
import { commandFailed } from '../remote/failure';
import { runScript } from '../remote/script';

/** What ending jobs uses. */
export interface Cancelling extends Ways {
  jobs: Jobs;
  clock: Clock;
  log: Log;
}

/**
 * Records that somebody wants the end of a job; the cluster is told by whoever watches or submits it. What becomes of
 * it is still decided by the job's own files.
 */
export function requestCancel(
  { clock, jobs }: Pick<Cancelling, 'clock' | 'jobs'>,
  id: string
): JobRecord {
  const { cancelRequestedAt, state } = jobs.get(id);
  if (isTerminal(state)) {
    throw problem('job-over', { id });
  }
  return jobs.update(id, { cancelRequestedAt: cancelRequestedAt ?? clock.now() });
}

/** How telling a cluster went: when it is due again, and what was in the way. */
interface Told {
  failures: number;
  dueAt: number;
  problem: Problem | null;
}

/** Tells a cluster which of its jobs are to end, until it has taken it, and rarely where it refuses. */
export class Cancels {
  private readonly told = new Map<string, Told>();

  constructor(private readonly context: Cancelling) {}

  /** Tells the cluster of the jobs whose end is wanted, and that it has not taken yet. Never rejects. */
  async tell(active: readonly JobRecord[]): Promise<void> {
    for (const { id, cancelRequestedAt } of active) {
      const { dueAt = -Infinity, failures = 0 } = this.told.get(id) ?? {};
      if (cancelRequestedAt === null || this.context.clock.steady() < dueAt) {
        continue;
      }
      const told = await this.tellOne(id, failures);
      this.told.set(id, told);
      if (told.problem !== null) {
        // A cluster that does not answer would keep us waiting for each of them.
        return;
      }
    }
  }

  /** What keeps the cluster from ending a job. */
  problemOf(id: string): Problem | null {
    return this.told.get(id)?.problem ?? null;
  }

  /** The job is over, or somebody asks for its end once more. */
  forget(id: string): void {
    this.told.delete(id);
  }

  private async tellOne(id: string, failures: number): Promise<Told> {
    const { clock, log } = this.context;
    try {
      await endOnCluster(this.context, id);
      return { failures: 0, dueAt: Infinity, problem: null };
    } catch (error) {
      const why = asProblem(error);
      log.warn({ job: id, problem: why, err: error }, 'not cancelled, will be tried again');
      const dueAt = clock.steady() + retryInterval(failures + 1);
      return { failures: failures + 1, dueAt, problem: why };
    }
  }
}

/** Runs the scheduler's own cancel command, for a job that has reached it. */
async function endOnCluster(context: Cancelling, id: string): Promise<void> {
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
