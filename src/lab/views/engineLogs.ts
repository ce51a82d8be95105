import type { Client } from '../../api/client';
import type { JobRecord } from '../../api/job';
import { ProblemError } from '../../api/problem';

/** The most engines whose logs are offered one by one. */
const MOST_ENGINES = 128;

/** Past the end of every log: what comes from there is its size alone. */
const PAST_THE_END = 1e14;

/** The names of the logs of single engines, for a job whose engines have logs of their own; none where they share one. */
export async function engineLogs(client: Pick<Client, 'log'>, job: JobRecord): Promise<string[]> {
  const wanted = job.progress?.engines.wanted ?? 0;
  if (wanted === 0 || !(await isThere(client, job.id, 'engine-0'))) {
    return [];
  }
  return Array.from({ length: Math.min(wanted, MOST_ENGINES) }, (_, index) => `engine-${index}`);
}

async function isThere(client: Pick<Client, 'log'>, id: string, name: string): Promise<boolean> {
  try {
    await client.log(id, name, PAST_THE_END);
    return true;
  } catch (error) {
    if (error instanceof ProblemError) {
      return false;
    }
    throw error;
  }
}
