import { act } from 'react';
import { beforeEach, expect, test } from 'vitest';
import { type JobRecord, STATES } from '../../../src/api/job';
import { type ProblemCode, problem } from '../../../src/api/problem';
import type { JobAction } from '../../../src/lab/tokens';
import { NOON, finishedJob, jobRecord } from '../../api/jobRecord';
import { button, click, labels } from './drawn';
import { FakeJobs } from './fakeJobs';
import { listed } from './listed';

const unreachable = problem(
  'cluster-unreachable',
  { cluster: 'hpc' },
  { details: { output: 'ssh: no route to host' } }
).problem;

const failed = finishedJob({
  state: 'failed',
  cause: { code: 'cell-error', cell: 12, ename: 'ValueError', evalue: 'first\nsecond' }
});

beforeEach(() => {
  Object.assign(document, { execCommand: () => true });
});

/** A list of one job, with what is being done with it. */
function doing(name: JobAction, code: ProblemCode | null, job: JobRecord = finishedJob()) {
  const jobs = new FakeJobs();
  const values = { id: job.id, cluster: 'hpc' };
  jobs.actions.set(job.id, { name, problem: code === null ? null : { code, values } });
  return listed([job], { actions: jobs.actions });
}

test.each(STATES)('a %s job has an icon of its own, with words', state => {
  const { place } = listed([jobRecord({ state })]);
  const icon = place.querySelector<HTMLElement>('.jp-SubmitJob-icon');
  expect(icon?.querySelector('svg')).not.toBeNull();
  expect(icon?.title).toBe(icon?.textContent);
  expect(icon?.title).not.toBe('');
});

test('no two states look the same', () => {
  const { place } = listed(STATES.map(state => jobRecord({ id: state, state })));
  const shapes = [...place.querySelectorAll('.jp-SubmitJob-icon svg')].map(svg => svg.innerHTML);
  expect(new Set(shapes).size).toBe(STATES.length);
});

test('a row says what else is to be known of its job', () => {
  const notes = [{ code: 'kernel-missing', kernel: 'px', python: '/e/python' }] as const;
  const { place } = listed([jobRecord({ state: 'running', notes: [...notes] })]);
  expect(place.querySelector('.jp-SubmitJob-note')?.textContent).toBe(
    'There is no kernel px where the job runs: the notebook runs in /e/python instead.'
  );
});

test('the name tells its notebook on hover', () => {
  const { place } = listed([jobRecord()]);
  const name = place.querySelector<HTMLElement>('.jp-SubmitJob-name');
  expect(name?.textContent).toBe('analysis');
  expect(name?.title).toBe('/home/ada/work/analysis.ipynb');
});

test('a running job tells cell, times, cluster and engines', () => {
  const startedAt = Date.now() / 1000 - 720;
  const { place } = listed([
    jobRecord({
      state: 'running',
      startedAt,
      progress: {
        engines: { ready: 64, wanted: 64 },
        cell: { index: 7, total: 24, startedAt: startedAt + 540 }
      }
    })
  ]);
  for (const words of [
    'cell 7 of 24',
    '3 min in this cell',
    '12 min of 2 h',
    'This machine · 64 of 64 engines'
  ]) {
    expect(place.textContent).toContain(words);
  }
  const bar = place.querySelector('progress');
  expect(bar?.value).toBe(0.25);
  expect(bar?.getAttribute('aria-label')).toBe('analysis');
  expect(bar?.getAttribute('aria-valuetext')).toBe('cell 7 of 24');
});

test('engines are counted once while they start', () => {
  const progress = { engines: { ready: 48, wanted: 64 }, cell: null };
  const { place } = listed([jobRecord({ state: 'starting', progress })]);
  expect(place.textContent?.match(/48/g)).toHaveLength(1);
  expect(place.querySelector('progress')?.getAttribute('aria-valuetext')).toBe('48 of 64 engines');
});

test('a job that is over has no bar', () => {
  expect(listed([finishedJob()]).place.querySelector('progress')).toBeNull();
});

test('the result opens', () => {
  const { ran } = listed([finishedJob()]);
  click('Open result');
  expect(ran).toEqual(['openResult k3v9x2ab']);
});

test('a result outside of what the server shows is told, and not opened', () => {
  const { place } = listed([finishedJob()], { path: () => null });
  expect(labels(place)).toEqual(['More for analysis']);
  expect(place.textContent).toContain('Result: /home/ada/work/analysis.k3v9x2ab.ipynb');
});

test('a result waits for its path, and opens once that is known', () => {
  const { jobs } = listed([finishedJob()], { path: () => undefined });
  expect(button('Open result').disabled).toBe(true);
  act(() => jobs.tell({ path: file => file }));
  expect(button('Open result').disabled).toBe(false);
});

test('a job that ran out of time is submitted again with more', () => {
  const { ran } = listed([finishedJob({ state: 'timed-out' })]);
  click('Submit again with 3 h');
  expect(ran).toEqual(['submitAgain 3:00:00 k3v9x2ab']);
});

test('why a job failed is one click away, with the text behind it', () => {
  const { place } = listed([failed]);
  expect(place.textContent).toContain('cell 12, ValueError: first');
  expect(place.textContent).not.toContain('The whole traceback');
  click('Why?');
  expect(button('Why?').getAttribute('aria-expanded')).toBe('true');
  expect(place.textContent).toContain('The whole traceback is in the executed notebook.');
  expect(place.querySelector('textarea')?.value).toBe('ValueError: first\nsecond');
  click('Why?');
  expect(place.querySelector('textarea')).toBeNull();
});

test('the text behind a problem is copied', () => {
  let copied = '';
  Object.assign(document, {
    execCommand: () => {
      const clipboardData = { setData: (_: string, text: string) => (copied = text) };
      return document.body.dispatchEvent(Object.assign(new Event('copy'), { clipboardData }));
    }
  });
  listed([failed]);
  click('Why?');
  click('Copy');
  expect(copied).toBe('ValueError: first\nsecond');
  expect(labels()).toContain('Copied');
});

test('a job that is not heard of says since when, and why', () => {
  const contact = { seenAt: null, problem: unreachable };
  const { place, ran } = listed([jobRecord({ state: 'running', contact })]);
  expect(place.textContent).toContain('not heard of yet');
  click('Check again');
  expect(ran).toEqual(['checkAgain k3v9x2ab']);
  click('Why?');
  expect(place.querySelector('textarea')?.value).toBe('ssh: no route to host');
});

test.each<[JobAction, string]>([
  ['cancel', 'cancelling…'],
  ['refresh', 'asking the cluster…'],
  ['fetch', 'fetching…'],
  ['remove', 'removing…'],
  ['submit-again', 'submitting again…']
])('while asked to %s, a row says so and its buttons wait', (name, words) => {
  const { place } = doing(name, null);
  expect(place.querySelector('li output')?.textContent).toBe(words);
  expect(button('Open result').disabled).toBe(true);
});

test('what went wrong is said, tried again, and dismissed', () => {
  const { jobs, place } = doing('cancel', 'cluster-unreachable');
  expect(place.querySelector('[role=alert]')?.textContent).toBe('hpc cannot be reached.');
  expect(button('Open result').disabled).toBe(false);
  click('Try again');
  click('Dismiss');
  expect(jobs.asked).toEqual(['cancel k3v9x2ab', 'dismiss k3v9x2ab']);
});

test('what waits for the person is done once they sign in', () => {
  const { jobs } = doing('cancel', 'login-asks');
  click('Sign in');
  expect(jobs.asked).toEqual(['cancel k3v9x2ab']);
});

test('a submission that went wrong is tried again by its command', () => {
  const { ran } = doing('submit-again', 'cluster-unreachable');
  click('Try again');
  expect(ran).toEqual(['submitAgain k3v9x2ab']);
});

test('what cannot work later is not tried again', () => {
  const { place } = doing('cancel', 'job-over');
  expect(labels(place)).toEqual(['More for analysis', 'Open result', 'Dismiss']);
});

test('a result that would go with its job is asked about in place', () => {
  const { jobs } = doing('remove', 'result-not-fetched');
  click('Remove anyway');
  click('Fetch');
  expect(jobs.asked).toEqual(['remove k3v9x2ab even its result', 'fetch k3v9x2ab']);
});

test('a command that the application does not have does nothing', () => {
  const { commands, ran } = listed([finishedJob()]);
  Object.assign(commands, { hasCommand: () => false });
  click('Open result');
  expect(ran).toEqual([]);
});

test('a scheduler is quoted as it wrote', () => {
  const queue = { reason: 'SomeNewReason', wait: null, estimatedStart: null };
  const { place } = listed([jobRecord({ state: 'queued', queue, createdAt: NOON })]);
  expect(place.querySelector('.jp-SubmitJob-line')?.textContent).toBe('SomeNewReason');
});

test('a row says what keeps an active job from being heard of', () => {
  const values = { host: 'hpc', fingerprint: 'SHA256:x', known: 'y', file: 'f', line: 1 };
  const contact = { seenAt: NOON, problem: { code: 'host-key-changed', values } as const };
  const { place } = listed([jobRecord({ state: 'queued', contact })]);
  expect(place.textContent).toMatch(/last seen .* · hpc shows another key than before/);
  expect(labels(place)).toContain('Why?');
});
