import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../api/client';
import type { JobEvent } from '../api/events';
import { type JobRecord, isTerminal } from '../api/job';
import { problem } from '../api/problem';
import { NoAnswer } from './noAnswer';

/** How often in a row a stream may break before that is given up. */
const MOST_BREAKS = 10;

/** A stream that lasted so long, in milliseconds, was a good one. */
const GOOD_STREAM_MS = 20_000;

/** Milliseconds between a broken stream and the next. */
const PAUSE_MS = 500;

/**
 * Every change of one job, its present record first, until it is over and its result is where it stays. Keeping this
 * open tells the sidecar that somebody looks at the job closely. Streams that break are opened again.
 */
export async function* follow(
  client: Client,
  id: string,
  pauseMs: number = PAUSE_MS
): AsyncGenerator<JobRecord> {
  for (let breaks = 0; ; breaks += 1) {
    const begun = Date.now();
    let why: unknown = new NoAnswer('the stream of events ended again and again');
    try {
      for await (const event of client.events(id)) {
        const job = jobIn(event, id);
        if (job === null) {
          continue;
        }
        yield job;
        if (isSettled(job)) {
          return;
        }
      }
    } catch (error) {
      if (!(error instanceof NoAnswer) || error.isFinal) {
        throw error;
      }
      why = error;
    }
    if (Date.now() - begun > GOOD_STREAM_MS) {
      breaks = 0;
    }
    if (breaks >= MOST_BREAKS) {
      throw why;
    }
    await sleep(pauseMs);
  }
}

/** Whether nothing more will happen to a job by itself. */
export function isSettled({ result, state }: JobRecord): boolean {
  return isTerminal(state) && result.place !== 'pending' && result.place !== 'fetching';
}

function jobIn(event: JobEvent, id: string): JobRecord | null {
  switch (event.type) {
    case 'job':
      return event.job.id === id ? event.job : null;
    case 'jobs': {
      const found = event.jobs.find(job => job.id === id);
      if (!found) {
        throw problem(event.unreadable?.includes(id) ? 'job-unreadable' : 'no-such-job', { id });
      }
      return found;
    }
    case 'unreadable':
      if (event.id === id) {
        throw problem('job-unreadable', { id });
      }
      return null;
    case 'removed':
      if (event.id === id) {
        throw problem('no-such-job', { id });
      }
      return null;
    case 'questions':
      return null;
    default:
      return event satisfies never;
  }
}
