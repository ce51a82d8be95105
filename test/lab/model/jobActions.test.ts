import { beforeEach, describe, expect, it } from 'vitest';
import type { JobsModel } from '../../../src/lab/model/jobsModel';
import type { IJobs } from '../../../src/lab/tokens';
import { finishedJob, jobRecord } from '../../api/jobRecord';
import { FakePages } from '../fakePages';
import { json, problemAnswer } from '../fakeServer';

const running = jobRecord({ state: 'running' });
const { id } = running;
type Action = Parameters<IJobs['act']>[1];

let pages: FakePages;
let jobs: JobsModel;

beforeEach(async () => {
  pages = new FakePages();
  pages.jobs = [running];
  ({ jobs } = pages.open());
  jobs.follow();
  await pages.pass(0);
});

describe('act', () => {
  it.each<[Action, string]>([
    ['cancel', 'POST jobs/ID/cancel'],
    ['refresh', 'POST jobs/ID/refresh'],
    ['fetch', 'POST jobs/ID/fetch']
  ])('shows at once that it is about to %s, and then what came of it', async (action, route) => {
    const after = jobRecord({ state: 'running', cancelRequestedAt: 7 });
    pages.server.on(route, () => json({ job: after }));
    let changes = 0;
    jobs.changed.connect(() => void (changes += 1));
    const acting = jobs.act(id, action);
    expect(jobs.action(id)).toEqual({ name: action, problem: null });
    expect(changes).toBe(1);
    await acting;
    expect(pages.server.asked.at(-1)?.path).toBe(`api/jobs/${id}/${action}?asks=true`);
    expect(jobs.action(id)).toBeNull();
    expect(jobs.list).toEqual([after]);
  });

  it.each<[object | undefined, string]>([
    [undefined, 'api/jobs/k3v9x2ab?asks=true'],
    [{ evenResult: true }, 'api/jobs/k3v9x2ab?result=too&asks=true']
  ])('removes a job, with %o', async (options, path) => {
    pages.server.on('DELETE jobs/ID', () => json({ id }));
    await jobs.act(id, 'remove', options);
    expect(pages.server.asked.at(-1)?.path).toBe(path);
    expect(jobs.list).toEqual([]);
    expect(jobs.action(id)).toBeNull();
  });

  it('keeps what went wrong until it is dismissed, or tried again', async () => {
    pages.server.on('DELETE jobs/ID', () => problemAnswer('result-not-fetched', { id }, 409));
    await jobs.act(id, 'remove');
    const wrong = { name: 'remove', problem: { code: 'result-not-fetched', values: { id } } };
    expect(jobs.action(id)).toEqual(wrong);
    expect(jobs.list).toEqual([running]);
    jobs.dismiss(id);
    expect(jobs.action(id)).toBeNull();
    await jobs.act(id, 'remove');
    expect(jobs.action(id)).toEqual(wrong);
    pages.server.on('DELETE jobs/ID', () => json({ id }));
    await jobs.act(id, 'remove', { evenResult: true });
    expect(jobs.action(id)).toBeNull();
  });

  it('tells that the server is silent', async () => {
    await jobs.act(id, 'cancel');
    expect(jobs.action(id)?.problem?.code).toBe('server-silent');
  });

  it('is content when a job was over before it could be cancelled', async () => {
    const done = finishedJob();
    pages.server.on('POST jobs/ID/cancel', () => problemAnswer('job-over', { id }, 409));
    pages.server.on('GET jobs/ID', () => json({ job: done }));
    await jobs.act(id, 'cancel');
    expect(jobs.action(id)).toBeNull();
    expect(jobs.list).toEqual([done]);
  });

  it('takes a job out of the list that another page has removed', async () => {
    pages.server.on('POST jobs/ID/refresh', () => problemAnswer('no-such-job', { id }, 404));
    await jobs.act(id, 'refresh');
    expect(jobs.list).toEqual([]);
    expect(jobs.action(id)).toBeNull();
  });

  it('asks once, however often it is clicked', async () => {
    pages.server.on('POST jobs/ID/cancel', () => json({ job: running }));
    await Promise.all([jobs.act(id, 'cancel'), jobs.act(id, 'cancel'), jobs.act(id, 'cancel')]);
    const route = 'POST jobs/ID/cancel';
    expect(pages.server.routesAsked.filter(asked => asked === route)).toEqual([route]);
  });

  it('shows the later of two actions', async () => {
    let resolve: (answer: Response) => void = () => undefined;
    const promise = new Promise<Response>(settle => (resolve = settle));
    pages.server.on('POST jobs/ID/refresh', () => promise);
    pages.server.on('POST jobs/ID/cancel', () => problemAnswer('internal', {}, 500));
    const refreshing = jobs.act(id, 'refresh');
    await jobs.act(id, 'cancel');
    resolve(json({ job: running }));
    await refreshing;
    expect(jobs.action(id)).toMatchObject({ name: 'cancel', problem: { code: 'internal' } });
  });

  it('does not dismiss what is still being done', async () => {
    pages.server.on('POST jobs/ID/cancel', () => json({ job: running }));
    const acting = jobs.act(id, 'cancel');
    jobs.dismiss(id);
    expect(jobs.action(id)).toEqual({ name: 'cancel', problem: null });
    await acting;
  });
});
