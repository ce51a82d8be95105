import { describe, expect, it } from 'vitest';
import type { JobState } from '../../../src/api/job';
import { JobList } from '../../../src/lab/model/jobList';
import { NOON, jobRecord } from '../../api/jobRecord';

const first = jobRecord({ id: 'aaaaaaaa', createdAt: NOON });
const second = jobRecord({ id: 'bbbbbbbb', createdAt: NOON + 1 });
const third = jobRecord({ id: 'cccccccc', createdAt: NOON + 2 });

describe('JobList', () => {
  it('is newest first, however its jobs come', () => {
    const list = new JobList();
    list.hear({ type: 'jobs', jobs: [first, third] });
    list.hear({ type: 'job', job: second });
    expect(list.all).toEqual([third, second, first]);
    const changed = { ...second, schedulerId: '7' };
    list.hear({ type: 'job', job: changed });
    expect(list.all).toEqual([third, changed, first]);
    expect(list.find('bbbbbbbb')).toEqual(changed);
    list.hear({ type: 'removed', id: 'cccccccc' });
    expect(list.all).toEqual([changed, first]);
    list.hear({ type: 'jobs', jobs: [third] });
    expect(list.all).toEqual([third]);
  });

  it.each<[JobState, JobState, JobState]>([
    ['queued', 'running', 'running'],
    ['running', 'queued', 'running'],
    ['succeeded', 'running', 'succeeded'],
    ['succeeded', 'failed', 'succeeded'],
    ['lost', 'succeeded', 'succeeded'],
    ['lost', 'running', 'lost']
  ])('knows a %s job of which %s is said as %s', (known, said, then) => {
    const list = new JobList();
    list.hear({ type: 'job', job: jobRecord({ state: known }) });
    list.hear({ type: 'job', job: jobRecord({ state: said }) });
    expect(list.all.map(({ state }) => state)).toEqual([then]);
  });

  it('takes the newer word on a job in the same state', () => {
    const list = new JobList();
    const newer = jobRecord({ state: 'running', cancelRequestedAt: NOON });
    list.hear({ type: 'job', job: jobRecord({ state: 'running' }) });
    list.hear({ type: 'job', job: newer });
    expect(list.all).toEqual([newer]);
  });

  it('names the jobs whose records cannot be read, until they can', () => {
    const list = new JobList();
    list.hear({ type: 'jobs', jobs: [first], unreadable: ['xxxxxxxx', 'xxxxxxxx'] });
    expect(list.unreadable).toEqual(['xxxxxxxx']);
    list.hear({ type: 'unreadable', id: 'aaaaaaaa' });
    expect([list.all, list.unreadable]).toEqual([[], ['xxxxxxxx', 'aaaaaaaa']]);
    list.hear({ type: 'job', job: first });
    list.hear({ type: 'removed', id: 'xxxxxxxx' });
    expect([list.all, list.unreadable]).toEqual([[first], []]);
  });
});
