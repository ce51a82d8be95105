import { describe, expect, it } from 'vitest';
import { type Answer, Client } from '../../src/api/client';
import { PROTOCOL } from '../../src/api/protocol';
import { english } from '../../src/api/translation';
import { fieldWords, problemWords, schedulerWords } from '../../src/words';
import { jobRecord } from '../api/jobRecord';
import { FUTURE } from '../api/ofTheFuture';

/** A client whose requests are all answered with this. */
function clientOf(answer: unknown, status = 200): Client {
  return new Client(() => Promise.resolve({ status, chunks: chunks(JSON.stringify(answer)) }));
}

function streamOf(...messages: object[]): Client {
  const text = messages.map(message => `data: ${JSON.stringify(message)}\n\n`).join('');
  return new Client((): Promise<Answer> => Promise.resolve({ status: 200, chunks: chunks(text) }));
}

async function* chunks(text: string): AsyncGenerator<string> {
  yield text;
}

async function thrownBy(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => error);
}

const JOBS = [...FUTURE.map(({ job }) => job), jobRecord()];
const IDS = [...FUTURE.map(({ id }) => id), jobRecord().id];

describe('a client of a newer service', () => {
  it('lists every job, whatever words they have', async () => {
    const { jobs, unreadable } = await clientOf({ jobs: JOBS, more: 1 }).list();
    expect(jobs.map(({ id }) => id)).toEqual(IDS);
    expect(unreadable).toEqual([]);
  });

  it('hears every job, and passes over events that it does not know', async () => {
    const client = streamOf(
      { type: 'jobs', jobs: JOBS },
      { type: 'question', id: 'k3v9x2ab', prompts: [] },
      ...FUTURE.map(({ job }) => ({ type: 'job', job }))
    );
    const heard: string[] = [];
    for await (const event of client.events()) {
      heard.push(event.type === 'jobs' ? event.jobs.map(({ id }) => id).join() : event.type);
    }
    expect(heard).toEqual([IDS.join(), ...FUTURE.map(() => 'job')]);
  });

  it.each(FUTURE)('reads one job of them: $id', async ({ id, job }) => {
    expect(await clientOf({ job }).job(id)).toMatchObject({ id });
  });

  it('leaves out only the job whose state it does not know, and names it', async () => {
    const jobs = [{ ...jobRecord({ id: 'frozen12' }), state: 'frozen' }, ...JOBS];
    const read = await clientOf({ jobs }).list();
    expect(read.jobs).toHaveLength(JOBS.length);
    expect(read.unreadable).toEqual(['frozen12']);
  });

  it('keeps the word of a problem that it does not know, and what stands behind it', async () => {
    const details = { output: 'x' };
    const refusal = { code: 'brand-new', values: { at: 1 }, status: 418, details };
    const error = await thrownBy(clientOf(refusal, 418).job('k3v9x2ab'));
    expect(error).toMatchObject({
      problem: { code: 'unknown', values: { word: 'brand-new' }, details }
    });
    expect(problemWords({ code: 'unknown', values: { word: 'brand-new' } }, english).title).toBe(
      'Something is wrong that this version has no words for (brand-new).'
    );
  });

  it('names the field whose mistake it has no word for, beside those that it has', async () => {
    const fields = [
      { field: 'cores', code: 'prime', values: {} },
      { field: 'time', code: 'required', values: {} }
    ];
    const refusal = { code: 'invalid-fields', values: {}, fields };
    const error = await thrownBy(clientOf(refusal, 422).check({}));
    expect(error).toMatchObject({
      problem: { code: 'invalid-fields', fields: [{ field: 'cores', code: 'other' }, fields[1]] }
    });
    const [mistake] = [{ field: 'cores', code: 'other', values: { word: 'prime' } } as const];
    expect(fieldWords(mistake, english)).toBe('is not right (prime)');
  });

  it('reads a check of a cluster with a batch system and a part that it does not know', async () => {
    const check = {
      name: 'hpc',
      title: 'hpc',
      scheduler: 'abacus',
      parts: [
        { what: 'moon', values: { phase: 'full' }, problem: { code: 'eclipse', values: {} } },
        { what: 'python', values: { python: 'python3', version: '3.12' }, problem: null }
      ],
      queues: []
    };
    expect(await clientOf(check).checkCluster({})).toMatchObject({
      parts: [{ what: 'other', problem: { code: 'unknown' } }, { what: 'python' }]
    });
    expect(schedulerWords('abacus', '3')).toBe('abacus 3');
  });

  it('lists every cluster, also one whose settings have a problem of the future', async () => {
    const choice = {
      name: 'hpc',
      title: 'hpc',
      host: 'hpc',
      cluster: { ...jobRecord().cluster, scheduler: 'abacus' },
      problem: { code: 'eclipse', values: {} },
      defaults: {},
      fields: ['cores', 'beads'],
      cores: null
    };
    const { clusters } = await clientOf({ clusters: [choice], problem: null }).clusters();
    expect(clusters).toMatchObject([{ name: 'hpc', problem: { code: 'unknown' } }]);
  });
});

describe('a page that is older than its service', () => {
  it.each([
    [PROTOCOL, []],
    [PROTOCOL + 1, ['page-old']]
  ])('is told to be loaded again, where the protocol is %d', async (protocol, told) => {
    const list = await clientOf({ jobs: [], protocol }).list();
    expect(list.notices.map(({ code }) => code)).toEqual(told);
    const stream = streamOf({ type: 'jobs', jobs: [], protocol });
    for await (const event of stream.events()) {
      const notices = event.type === 'jobs' ? (event.notices ?? []) : [];
      expect(notices.map(({ code }) => code)).toEqual(told);
    }
    expect(problemWords({ code: 'page-old', values: {} }, english).advice).toBe(
      'Reload this page.'
    );
  });
});
