import type { Client } from '../../api/client';
import { type JobRecord, newJobId } from '../../api/job';
import type { PageForm } from '../../api/jobSpec';
import { type Problem, ProblemError } from '../../api/problem';
import type { Page } from '../page/page';
import { pause } from '../page/pause';

/** Milliseconds before a submission is sent again to which no clear answer came. */
const PAUSES_MS = [1000, 3000];

/**
 * Submits forms, each as one job, however often it has to be sent: a job has its id from us, and asking again for the
 * same id never makes a second.
 */
export class Submissions {
  /** Ids of forms to which no clear answer ever came; who asks for the same again gets the job that was taken. */
  private readonly unclear = new Map<string, string>();

  constructor(
    private readonly client: Client,
    private readonly page: Pick<Page, 'clock' | 'random'>
  ) {}

  /** Rejects with a `ProblemError`. */
  async submit(form: PageForm): Promise<JobRecord> {
    const text = JSON.stringify(form);
    const id = this.unclear.get(text) ?? newJobId(this.page.random);
    this.unclear.set(text, id);
    try {
      const job = await this.send(id, form);
      this.unclear.delete(text);
      return job;
    } catch (error) {
      if (!mayBeTaken(error)) {
        this.unclear.delete(text);
      }
      throw error;
    }
  }

  private async send(id: string, form: PageForm): Promise<JobRecord> {
    for (const delayMs of PAUSES_MS) {
      try {
        return await this.client.submit(id, form, { asks: true });
      } catch (error) {
        if (!mayBeTaken(error)) {
          throw error;
        }
      }
      await pause(this.page.clock, delayMs);
    }
    return this.client.submit(id, form, { asks: true });
  }
}

/** Whether the job may have been taken all the same. */
function mayBeTaken(error: unknown): boolean {
  return error instanceof ProblemError && isUnclear(error.problem);
}

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
