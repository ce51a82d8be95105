import { beforeEach, describe, expect, it } from 'vitest';
import { contentsPathOf } from '../../../src/api/paths';
import type { JobRecord } from '../../../src/api/job';
import type { JobsModel } from '../../../src/lab/model/jobsModel';
import { finishedJob, jobRecord, jobSpec } from '../../api/jobRecord';
import type { Asked } from '../fakeServer';
import { FakePages } from '../fakePages';
import { json, problemAnswer } from '../fakeServer';
import { problemOf } from '../problemOf';
import { question } from '../questions/question';

const FORM = { notebook: contentsPathOf('work/analysis.ipynb'), cores: 4, time: '2h' };

let pages: FakePages;
let jobs: JobsModel;
/** What goes wrong with one submission after the other. */
let faults: ((taken: JobRecord) => Response)[];

/** A service that takes every job once, whatever becomes of its answer. */
function take({ path }: Asked): Response {
  const id = path.replace('api/jobs/', '');
  const job = pages.jobs.find(known => known.id === id) ?? jobRecord({ id });
  const fault = faults.shift();
  if (!pages.jobs.includes(job)) {
    pages.jobs = [job, ...pages.jobs];
  }
  return fault === undefined ? json({ job }, 201) : fault(job);
}

function loseAnswer(): Response {
  throw new TypeError('Failed to fetch');
}

beforeEach(() => {
  pages = new FakePages();
  pages.server.on('PUT jobs/ID', take);
  ({ jobs } = pages.open());
  faults = [];
});

const sent = (): string[] =>
  pages.server.asked.filter(({ method }) => method === 'PUT').map(({ path }) => path);

describe('submit', () => {
  it('has the job in the list when it resolves, and follows it by nobody', async () => {
    const job = await jobs.submit(FORM);
    expect(job.id).toMatch(/^[a-z][a-z0-9]{7}$/);
    expect(jobs.list).toEqual([job]);
    const [put] = pages.server.asked.filter(({ method }) => method === 'PUT');
    expect(put?.body).toBe(JSON.stringify({ form: FORM, asks: true }));
    await pages.pass(20);
    expect(pages.server.open).toHaveLength(0);
  });

  it('tells of the job, which is in the list by then', async () => {
    const told: boolean[] = [];
    jobs.begun.connect((_, job) => void told.push(jobs.list.includes(job)));
    await jobs.submit(FORM);
    expect(told).toEqual([true]);
  });

  it('hears what the login asks meanwhile, however long the person takes', async () => {
    let resolve: (answer: Response) => void = () => undefined;
    const answer = new Promise<Response>(settle => (resolve = settle));
    pages.server.on('PUT jobs/ID', () => answer);
    const submitting = jobs.submit(FORM);
    await pages.pass(100);
    await pages.ask(question());
    expect(jobs.questions).toEqual([question()]);
    await pages.ask();
    resolve(json({ job: jobRecord() }, 201));
    await submitting;
    await pages.pass(20);
    expect(jobs.questions).toEqual([]);
    expect(pages.server.open).toHaveLength(0);
  });

  it.each<[string, () => Response]>([
    ['is lost', loseAnswer],
    ['is that of a proxy', () => json({ message: 'Bad gateway' }, 502)],
    ['breaks off in the middle', () => new Response('{"job":', { status: 201 })]
  ])('sends the same job again when the answer %s', async (_, fault) => {
    faults = [fault, fault];
    const submitting = jobs.submit(FORM);
    await pages.pass(4);
    const job = await submitting;
    expect(sent()).toEqual(Array.from({ length: 3 }, () => `api/jobs/${job.id}`));
    expect(pages.jobs.map(({ id }) => id)).toEqual([job.id]);
    expect(jobs.list).toEqual(pages.jobs);
  });

  it('gives up after three times', async () => {
    faults = [loseAnswer, loseAnswer, loseAnswer];
    const refused = problemOf(jobs.submit(FORM));
    await pages.pass(60);
    expect(await refused).toMatchObject({ code: 'server-silent' });
    expect(sent()).toHaveLength(3);
    expect(jobs.list).toEqual([]);
  });

  it('gives the job that was taken to a person who tries again after that, and then a new one', async () => {
    faults = [loseAnswer, loseAnswer, loseAnswer];
    const refused = problemOf(jobs.submit(FORM));
    await pages.pass(60);
    await refused;
    const job = await jobs.submit(FORM);
    expect(pages.jobs.map(({ id }) => id)).toEqual([job.id]);
    const next = await jobs.submit(FORM);
    expect(pages.jobs.map(({ id }) => id)).toEqual([next.id, job.id]);
  });

  it('takes a new id for another form, and for one that was clearly refused', async () => {
    faults = [loseAnswer, loseAnswer, loseAnswer];
    const refused = problemOf(jobs.submit(FORM));
    await pages.pass(60);
    await refused;
    await jobs.submit({ ...FORM, cores: 8 });
    faults = [() => problemAnswer('notebook-missing', { notebook: 'x' }, 422)];
    await problemOf(jobs.submit({ ...FORM, cores: 2 }));
    await jobs.submit({ ...FORM, cores: 2 });
    expect(new Set(sent()).size).toBe(4);
  });

  it.each<[string, Response, string]>([
    ['a problem', problemAnswer('notebook-missing', { notebook: 'x' }, 422), 'notebook-missing'],
    ['a login', json({ message: 'Forbidden' }, 403), 'server-refused']
  ])('does not repeat what is answered with %s', async (_, answer, code) => {
    faults = [() => answer];
    expect(await problemOf(jobs.submit(FORM))).toMatchObject({ code });
    expect(sent()).toHaveLength(1);
  });
});

describe('submitAgain', () => {
  const done = finishedJob({ spec: jobSpec({ name: 'mine', memoryPerCoreMb: 512 }) });

  beforeEach(async () => {
    pages.jobs = [done];
    jobs.follow();
    await pages.pass(0);
    pages.server.on('POST contents-paths', () => json({ paths: ['work/analysis.ipynb'] }));
  });

  it('submits what the job was, with what has changed', async () => {
    const again = jobs.submitAgain(done.id, { time: '3h' });
    expect(jobs.action(done.id)).toEqual({ name: 'submit-again', problem: null });
    const job = await again;
    expect(jobs.action(done.id)).toBeNull();
    expect(jobs.list.map(({ id }) => id)).toContain(job.id);
    const { body } = pages.server.asked.find(({ method }) => method === 'PUT') ?? { body: '{}' };
    expect(JSON.parse(body)).toMatchObject({
      form: {
        notebook: 'work/analysis.ipynb',
        name: 'mine',
        cores: 4,
        time: '3h',
        memoryPerCore: '512M'
      }
    });
  });

  it('says when the notebook lies where this server does not look', async () => {
    pages.server.on('POST contents-paths', () => json({ paths: [null] }));
    const expected = { code: 'not-a-file', values: { path: '/home/ada/work/analysis.ipynb' } };
    expect(await problemOf(jobs.submitAgain(done.id))).toMatchObject(expected);
    expect(jobs.action(done.id)).toMatchObject({ name: 'submit-again', problem: expected });
    expect(sent()).toEqual([]);
  });

  it('keeps the problem beside the job', async () => {
    faults = [() => problemAnswer('notebook-missing', { notebook: 'x' }, 422)];
    expect(await problemOf(jobs.submitAgain(done.id))).toMatchObject({ code: 'notebook-missing' });
    expect(jobs.action(done.id)?.problem?.code).toBe('notebook-missing');
  });

  it('refuses a job that is not in the list', async () => {
    expect(await problemOf(jobs.submitAgain('zzzzzzzz'))).toMatchObject({ code: 'no-such-job' });
    expect(jobs.action('zzzzzzzz')).toBeNull();
  });
});
