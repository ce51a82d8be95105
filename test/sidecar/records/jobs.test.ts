import { beforeEach, expect, test } from 'vitest';
import type { JobEvent } from '../../../src/api/events';
import type { JobRecord } from '../../../src/api/job';
import { Jobs } from '../../../src/sidecar/records/jobs';
import { newJob } from '../../../src/sidecar/submission/newJob';
import { changedStore } from '../makeContext';
import { type Workbench, addJob, makeWorkbench, planFor } from '../workbench';

let bench: Workbench;
let jobs: Jobs;
let record: JobRecord;
let told: JobEvent[];
beforeEach(async () => {
  bench = makeWorkbench();
  ({ jobs } = bench.context);
  told = [];
  jobs.listen(event => told.push(event));
  record = await addJob(bench);
});

test('a new job is told once, whoever adds it again', () => {
  expect(jobs.add({ ...record, createdAt: 1 }, null)).toEqual({ record, isNew: false });
  expect(told).toEqual([{ type: 'job', job: record }]);
});

test('a change is on disk, in memory and told', () => {
  const after = jobs.update(record.id, { state: 'queued', schedulerId: '7' });
  expect(after).toEqual({ ...record, state: 'queued', schedulerId: '7' });
  expect(jobs.get(record.id)).toBe(after);
  expect(bench.store.all()).toEqual([after]);
  expect(told.at(-1)).toEqual({ type: 'job', job: after });
});

test('a change that changes nothing is neither written nor told', () => {
  expect(jobs.update(record.id, { state: 'preparing', cause: null })).toBe(record);
  jobs.show(record.id, { progress: null });
  expect(told).toHaveLength(1);
});

test('what is only shown is told, and reaches the disk with the next change', () => {
  const contact = { seenAt: 5, problem: null };
  jobs.show(record.id, { contact });
  expect(told.at(-1)).toEqual({ type: 'job', job: { ...record, contact } });
  expect(bench.store.all()).toEqual([record]);
  jobs.update(record.id, { state: 'queued' });
  expect(bench.store.all()).toEqual([{ ...record, contact, state: 'queued' }]);
});

test('jobs are listed newest first, and are there again for the next sidecar', async () => {
  await addJob(bench, 'younger1');
  expect(jobs.list().map(({ id }) => id)).toEqual(['younger1', record.id]);
  expect(new Jobs(bench.store, bench.context.log).list()).toEqual(jobs.list());
});

test('a removed job is told and gone', () => {
  jobs.remove(record.id);
  expect(told.at(-1)).toEqual({ type: 'removed', id: record.id });
  expect(jobs.find(record.id)).toBeUndefined();
  expect(() => jobs.get(record.id)).toThrow('no-such-job');
});

test('a listener that has left hears nothing more', () => {
  const heard: JobEvent[] = [];
  const leave = jobs.listen(event => heard.push(event));
  jobs.update(record.id, { state: 'queued' });
  leave();
  jobs.update(record.id, { state: 'running' });
  expect(heard).toHaveLength(1);
});

/** What JSON has, and no clock or counter. */
const NO_MOMENTS = [1e300, Infinity, NaN, -1];

test.each(NO_MOMENTS)('the end of a job at %d is not kept, and the job says so', endedAt => {
  jobs.update(record.id, { state: 'running', startedAt: 5 });
  const after = jobs.update(record.id, { state: 'failed', endedAt });
  expect(after).toMatchObject({
    state: 'failed',
    startedAt: 5,
    endedAt: null,
    result: { problem: { code: 'not-kept', values: { parts: 'endedAt' } } }
  });
  expect(bench.store.all()).toEqual([after]);
  expect(bench.store.unreadable()).toEqual([]);
});

test('what an active job cannot keep stands beside what is known of it', () => {
  const cell = { index: Infinity, total: 2, startedAt: 5 };
  const engines = { ready: 1, wanted: 1 };
  const after = jobs.update(record.id, {
    progress: { engines, cell },
    state: 'running',
    schedulerId: '7'
  });
  expect(after).toMatchObject({
    state: 'running',
    schedulerId: '7',
    progress: null,
    contact: { problem: { code: 'not-kept', values: { parts: 'progress' } } }
  });
  expect(after.contact.problem?.details?.output).toMatch(/^progress\.cell\.index: .*Infinity/);
  jobs.show(record.id, { progress: { engines, cell: { ...cell, index: -3 } } });
  expect(jobs.get(record.id).progress).toBeNull();
  expect(new Jobs(bench.store, bench.context.log).list()).toEqual([after]);
});

test('a text without end is cut, and the same text again changes nothing', () => {
  const reason = 'x'.repeat(100_000);
  const queue = { reason, wait: null, estimatedStart: null };
  const after = jobs.update(record.id, { state: 'queued', queue });
  expect(after.queue?.reason).toHaveLength(4096);
  expect(jobs.update(record.id, { queue })).toBe(after);
});

test('a job that could not be read back is not begun', async () => {
  const plan = await planFor(bench);
  const wrong = { ...newJob('wrong123', plan, NaN) };
  expect(() => jobs.add(wrong, null)).toThrow('not-kept');
  expect(jobs.list().map(({ id }) => id)).toEqual([record.id]);
});

test('a job whose record cannot be read is no other job, and can be forgotten', () => {
  const unreadable = "INSERT INTO jobs VALUES ('bbbbbbbb', 1, '{}')";
  const store = changedStore(bench.home, bench.store, unreadable);
  const next = new Jobs(store, bench.context.log);
  expect(next.list()).toEqual([record]);
  expect(next.unreadable()).toEqual(['bbbbbbbb']);
  expect(() => next.get('bbbbbbbb')).toThrow('job-unreadable');
  next.remove('bbbbbbbb');
  expect(next.unreadable()).toEqual([]);
  expect(() => next.get('bbbbbbbb')).toThrow('no-such-job');
  expect(store.unreadable()).toEqual([]);
});
