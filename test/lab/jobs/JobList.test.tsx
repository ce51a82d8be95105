import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { problem } from '../../../src/api/problem';
import { PROTOCOL, noticesOf } from '../../../src/api/protocol';
import { readRecords } from '../../../src/api/readRecords';
import { finishedJob, jobRecord, jobSpec } from '../../api/jobRecord';
import { FUTURE } from '../../api/ofTheFuture';
import { click, labels, type } from './drawn';
import { listed, trans } from './listed';

beforeEach(() => {
  // jsdom lays nothing out, so it cannot tell.
  Object.assign(Element.prototype, { checkVisibility: () => true });
});
afterEach(() => {
  vi.useRealTimers();
});

/** So many finished jobs: `job-0`, `job-1`, ... */
function many(count: number): JobRecord[] {
  return Array.from({ length: count }, (_, index) =>
    finishedJob({ id: `job${index}`, spec: jobSpec({ name: `job-${index}` }) })
  );
}

/** Lets time go by. */
function pass(milliseconds: number): void {
  act(() => {
    vi.advanceTimersByTime(milliseconds);
  });
}

const silent = problem('server-silent', {}).problem;

test.each([
  ['live', 'Jobs appear here, from their submission to the result.'],
  ['loading', 'Looking for your jobs…'],
  ['idle', 'Looking for your jobs…']
] as const)('an empty list that is %s says so', (phase, words) => {
  const { place } = listed([], { phase });
  expect(place.textContent).toBe(words);
  expect(place.querySelector('section')?.getAttribute('aria-busy')).toBe(String(phase !== 'live'));
});

test('jobs stay as they were last known while the server is silent', () => {
  const { jobs, place, rows } = listed(many(2), { phase: 'offline', problem: silent });
  expect(place.querySelector('[role=alert]')?.textContent).toBe(
    'The Jupyter server does not answer.'
  );
  expect(place.textContent).toContain('Last known:');
  expect(rows()).toHaveLength(2);
  click('Retry');
  expect(jobs.asked).toEqual(['retry']);

  act(() => jobs.tell({ phase: 'live', problem: null }));
  expect(place.querySelector('[role=alert]')).toBeNull();
  expect(place.textContent).not.toContain('Last known:');
});

test('an empty list that is offline only says why', () => {
  const { place } = listed([], { phase: 'offline', problem: silent });
  expect(place.textContent).not.toContain('Jobs appear here');
  expect(place.textContent).not.toContain('Last known:');
  expect(labels(place)).toEqual(['Retry']);
});

test('the list shows what is told of it, in its order', () => {
  const [first, second] = many(2) as [JobRecord, JobRecord];
  const { jobs, rows } = listed([second]);
  act(() => jobs.tell({ list: [first, second] }));
  expect(rows().map(row => row.dataset['job'])).toEqual(['job0', 'job1']);
  act(() => jobs.tell({ list: [] }));
  expect(rows()).toEqual([]);
});

test('fifty are shown, and fifty more at each wish', () => {
  const { place, rows } = listed(many(120));
  expect(rows()).toHaveLength(50);
  expect(place.textContent).toContain('50 of 120 jobs');
  click('Show more');
  expect(rows()).toHaveLength(100);
  click('Show more');
  expect(rows()).toHaveLength(120);
  expect(labels(place)).not.toContain('Show more');
});

test('a filter comes with the eleventh job', () => {
  expect(listed(many(10)).place.querySelector('input')).toBeNull();
  expect(listed(many(11)).place.querySelector('input')).not.toBeNull();
});

test('the filter narrows all jobs down, also those that are not shown', () => {
  const { place, rows } = listed(many(120));
  const field = place.querySelector('input') as HTMLInputElement;
  type(field, 'job-119');
  expect(rows().map(row => row.dataset['job'])).toEqual(['job119']);
  type(field, 'nothing like it');
  expect(rows()).toEqual([]);
  expect(place.textContent).toContain('No job matches “nothing like it”.');
  click('Show all');
  expect(rows()).toHaveLength(50);
  expect(field.value).toBe('');
});

test('a filter in use stays when jobs go', () => {
  const list = many(11);
  const { jobs, place } = listed(list);
  type(place.querySelector('input') as HTMLInputElement, 'job-1');
  act(() => jobs.tell({ list: list.slice(0, 3) }));
  expect(place.querySelector('input')?.value).toBe('job-1');
});

test('of 200 jobs only the one that changed is drawn again', () => {
  const words = vi.spyOn(trans, '__');
  /** How many rows were drawn since the last time. */
  const drawings = (): number => {
    const count = words.mock.calls.filter(([message]) => message === 'More for %1').length;
    words.mockClear();
    return count;
  };
  const [first, ...rest] = many(200) as [JobRecord, ...JobRecord[]];
  const { jobs } = listed([first, ...rest]);
  expect(drawings()).toBe(50);
  act(() => jobs.tell());
  expect(drawings()).toBe(0);
  act(() => jobs.tell({ list: [{ ...first, state: 'failed' }, ...rest] }));
  expect(drawings()).toBe(1);
  click('Show more');
  expect(drawings()).toBe(50);
  words.mockRestore();
});

test('of 200 jobs only those that are active are drawn again as time goes by', () => {
  vi.useFakeTimers();
  const words = vi.spyOn(trans, '__');
  listed([jobRecord({ id: 'running1', state: 'running' }), ...many(199)]);
  words.mockClear();
  pass(10_000);
  const drawn = words.mock.calls.filter(([message]) => message === 'More for %1');
  expect(drawn).toEqual([['More for %1', 'analysis']]);
  words.mockRestore();
});

test('times go on by themselves only where a job does', () => {
  vi.useFakeTimers();
  const startedAt = Date.now() / 1000;
  const running = jobRecord({ id: 'running1', state: 'running', startedAt });
  const { jobs, place } = listed([running, ...many(3)]);
  expect(place.textContent).toContain('0 s of 2 h');
  pass(41_000);
  expect(place.textContent).toContain('41 s of 2 h');
  expect(vi.getTimerCount()).toBe(1);
  act(() => jobs.tell({ list: many(3) }));
  expect(vi.getTimerCount()).toBe(0);
});

test('times stand still in a list that is only the last known one', () => {
  vi.useFakeTimers();
  const startedAt = Date.now() / 1000;
  const { jobs, place } = listed([jobRecord({ state: 'running', startedAt })]);
  act(() => jobs.tell({ phase: 'offline', problem: silent }));
  pass(41_000);
  expect(place.textContent).toContain('0 s of 2 h');
});

test('those who listen hear of states that changed, and of nothing else', () => {
  const running = jobRecord({ id: 'aaaaaaa1', state: 'running' });
  const { jobs, place } = listed([running, ...many(1)]);
  const heard = () => place.querySelector('output')?.textContent;
  expect(heard()).toBe('');
  act(() => jobs.tell({ list: [{ ...running, startedAt: 5 }, ...many(2)] }));
  expect(heard()).toBe('');
  act(() => jobs.tell({ list: [{ ...running, state: 'succeeded' }, ...many(2)] }));
  expect(heard()).toBe('analysis: done');
});

test('a row that cannot be drawn has its id and a word, and the others stay', () => {
  const silentConsole = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const [first, second] = many(2) as [JobRecord, JobRecord];
  const broken: JobRecord = Object.assign({ ...first }, { state: 'unheard-of' });
  const { jobs, place, rows } = listed([broken, second]);
  expect(rows().map(row => row.dataset['job'])).toEqual(['job0', 'job1']);
  expect(rows()[0]?.textContent).toContain('job0This job cannot be shown here.');
  expect(rows()[1]?.textContent).toContain('job-1');
  act(() => jobs.tell({ list: [first, second] }));
  expect(rows()[0]?.textContent).toContain('job-0');
  expect(place.textContent).not.toContain('cannot be shown');
  silentConsole.mockRestore();
});

test('a job whose record cannot be read has a row of its own', () => {
  const { rows } = listed(many(1), { unreadable: ['unread12'] });
  expect(rows().map(row => row.dataset['job'])).toEqual(['job0', 'unread12']);
  expect(rows()[1]?.textContent).toContain('The record of job unread12 cannot be read.');
});

test('what no job says stands above them, until the person has seen it', () => {
  const values = { file: '/data/jobs.sqlite', aside: '/data/jobs.sqlite.corrupt-1' };
  const notices = [problem('records-corrupt', values).problem];
  const { jobs, place } = listed(many(1), { notices });
  expect(place.textContent).toContain('They are kept as /data/jobs.sqlite.corrupt-1.');
  click('Dismiss', place);
  expect(jobs.asked).toEqual(['dismiss notices']);
});

test('jobs of a newer service are all listed, with its own words where there are none here', () => {
  const { jobs, unreadable } = readRecords(FUTURE.map(({ job }) => job));
  const { rows } = listed(jobs, { unreadable });
  expect(rows()).toHaveLength(FUTURE.length);
  FUTURE.forEach(({ said }, index) => {
    expect(rows()[index]?.textContent?.toLowerCase()).toContain(said);
  });
});

test('a page that is older than its service says so above the jobs, and what to do', () => {
  const notices = noticesOf(PROTOCOL + 1);
  const { place, rows } = listed(many(1), { notices });
  expect(place.querySelector('[role=alert]')?.textContent).toContain(
    'This page is older than the service that submits jobs.'
  );
  expect(place.textContent).toContain('Reload this page.');
  expect(rows()).toHaveLength(1);
});

test('a job that is submitted here comes into sight', () => {
  const seen: string[] = [];
  Object.assign(Element.prototype, {
    scrollIntoView(this: HTMLElement) {
      seen.push(this.dataset['job'] ?? '');
    }
  });
  const { jobs } = listed(many(3));
  const job = jobRecord({ id: 'newjob00' });
  act(() => {
    jobs.tell({ list: [jobRecord({ id: 'ofothers' }), ...jobs.list] });
    jobs.tell({ list: [job, ...jobs.list] });
    jobs.begun.emit(job);
  });
  expect(seen).toEqual(['newjob00']);
});

test('the focus stays in the list when its row is removed', () => {
  const all = many(3);
  const { jobs, place, rows } = listed(all);
  const more = (row: number) => rows()[row]?.querySelector<HTMLElement>('.jp-SubmitJob-more');
  more(1)?.focus();
  act(() => jobs.tell({ list: [all[0], all[2]].filter(job => job !== undefined) }));
  expect(document.activeElement).toBe(more(1));
  expect(rows()[1]?.dataset['job']).toBe('job2');
  act(() => jobs.tell({ list: all.slice(0, 1) }));
  expect(document.activeElement).toBe(more(0));
  act(() => jobs.tell({ list: [] }));
  expect(document.activeElement).toBe(place.querySelector('section'));
});

test('the focus is left where it is when another row is removed, and when it has gone elsewhere', () => {
  const all = many(3);
  const { jobs, rows } = listed(all);
  const more = (row: number) => rows()[row]?.querySelector<HTMLElement>('.jp-SubmitJob-more');
  const first = more(0);
  first?.focus();
  act(() => jobs.tell({ list: all.slice(0, 2) }));
  expect(document.activeElement).toBe(first);
  first?.blur();
  act(() => jobs.tell({ list: all.slice(1, 2) }));
  expect(document.activeElement).toBe(document.body);
});
