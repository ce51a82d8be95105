import { describe, expect, it } from 'vitest';
import { type Answer, Client } from '../../src/api/client';
import { type JobEvent, formatEvent } from '../../src/api/events';
import type { JobRecord } from '../../src/api/job';
import { follow, isSettled } from '../../src/cli/follow';
import { NoAnswer } from '../../src/cli/noAnswer';
import { finishedJob, jobRecord } from '../api/jobRecord';

/** A client whose n-th stream holds the n-th list of events and then ends; after the last, nobody answers. */
function clientOf(...streams: JobEvent[][]): { client: Client; opened: () => number } {
  let opened = 0;
  async function* chunks(events: JobEvent[]): AsyncGenerator<string> {
    yield* events.map(formatEvent);
  }
  const client = new Client((): Promise<Answer> => {
    const events = streams[opened];
    opened += 1;
    return events
      ? Promise.resolve({ status: 200, chunks: chunks(events) })
      : Promise.reject(new NoAnswer('gone'));
  });
  return { client, opened: () => opened };
}

async function statesOf(client: Client): Promise<string[]> {
  const states: string[] = [];
  for await (const job of follow(client, 'k3v9x2ab', 1)) {
    states.push(job.state);
  }
  return states;
}

const JOB = jobRecord();
const OTHER = jobRecord({ id: 'abcdefgh', state: 'running' });
const jobs = (...all: JobRecord[]): JobEvent => ({ type: 'jobs', jobs: all });
const job = (record: JobRecord): JobEvent => ({ type: 'job', job: record });

describe('follow', () => {
  it('passes over other jobs, and ends with this one', async () => {
    const { client } = clientOf([
      jobs(OTHER, JOB),
      job(OTHER),
      { type: 'removed', id: 'abcdefgh' },
      job(jobRecord({ state: 'running' })),
      job(finishedJob()),
      job(OTHER)
    ]);
    expect(await statesOf(client)).toEqual(['preparing', 'running', 'succeeded']);
  });

  it('waits until the result is where it stays', async () => {
    const { result } = finishedJob();
    const { client } = clientOf([
      jobs(finishedJob({ result: { ...result, place: 'pending' } })),
      job(finishedJob({ result: { ...result, place: 'fetching' } })),
      job(finishedJob({ result: { ...result, place: 'kept' } }))
    ]);
    expect(await statesOf(client)).toHaveLength(3);
  });

  it('goes on in the next stream when one ends', async () => {
    const { client, opened } = clientOf(
      [jobs(JOB)],
      [],
      [jobs(jobRecord({ state: 'running' }))],
      [jobs(finishedJob())]
    );
    expect(await statesOf(client)).toEqual(['preparing', 'running', 'succeeded']);
    expect(opened()).toBe(4);
  });

  it('gives up when streams break again and again', async () => {
    const { client, opened } = clientOf([jobs(JOB)]);
    await expect(statesOf(client)).rejects.toThrow('gone');
    expect(opened()).toBe(11);
  });

  it('does not take a failure to start the sidecar for a broken stream', async () => {
    let asked = 0;
    const client = new Client(() => {
      asked += 1;
      return Promise.reject(new NoAnswer('no Node.js', { isFinal: true }));
    });
    await expect(statesOf(client)).rejects.toThrow('no Node.js');
    expect(asked).toBe(1);
  });

  it.each([[[jobs(OTHER)]], [[jobs(JOB), { type: 'removed', id: 'k3v9x2ab' } as const]]])(
    'says that the job is not there any more',
    async events => {
      await expect(statesOf(clientOf(events).client)).rejects.toMatchObject({
        problem: { code: 'no-such-job' }
      });
    }
  );
});

describe('isSettled', () => {
  it.each([
    [finishedJob(), true],
    [finishedJob({ state: 'running' }), false],
    [finishedJob({ result: { ...finishedJob().result, place: 'none' } }), true],
    [finishedJob({ result: { ...finishedJob().result, place: 'fetching' } }), false]
  ])('%#', (record, expected) => {
    expect(isSettled(record)).toBe(expected);
  });
});
