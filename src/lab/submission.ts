import type { Client } from '../api/client';
import { type JobRecord, newJobId } from '../api/job';
import type { JobForm } from '../api/jobSpec';
import { type Problem, ProblemError } from '../api/problem';
import type { Page } from './page';
import { pause } from './pause';

/** Milliseconds before a submission is sent again to which no clear answer came. */
const PAUSES_MS = [1000, 3000];

/**
 * Submits a form as one job, however often it has to be sent: a job has its id from us, and asking again for the same
 * id never makes a second. Rejects with a `ProblemError`.
 */
export async function submitOnce(
  client: Client,
  { clock, random }: Pick<Page, 'clock' | 'random'>,
  form: JobForm
): Promise<JobRecord> {
  const id = newJobId(random);
  for (const delayMs of PAUSES_MS) {
    try {
      return await client.submit(id, form);
    } catch (error) {
      if (!(error instanceof ProblemError) || !isUnclear(error.problem)) {
        throw error;
      }
    }
    await pause(clock, delayMs);
  }
  return client.submit(id, form);
}

/** Whether the job may have been taken all the same. */
function isUnclear({ code, values }: Problem): boolean {
  switch (code) {
    case 'server-silent':
    case 'answer-unreadable':
      return true;
    case 'server-refused':
      // A proxy that lost the server on the way; anything below was refused before it was read.
      return Number(values['status']) >= 500;
    default:
      return false;
  }
}
