import { beforeEach, expect, test } from 'vitest';
import type { JobEvent } from '../../src/api/events';
import type { JobRecord } from '../../src/api/job';
import { Jobs } from '../../src/sidecar/jobs';
import { type Workbench, addJob, makeWorkbench } from './workbench';

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
  const submission = {
    environment: {},
    notebook: '',
    files: [],
    folders: [],
    engines: 0,
    mpi: false
  };
  expect(jobs.add({ ...record, createdAt: 1 }, submission)).toEqual({ record, isNew: false });
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
  expect(new Jobs(bench.store).list()).toEqual(jobs.list());
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
