import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import type { JobRecord } from '../../src/api/job';
import { problem } from '../../src/api/problem';
import { openStore } from '../../src/sidecar/records/sqliteStore';
import { finishedJob, jobSpec } from '../api/jobRecord';
import type { Place } from './place';

/** Ways in which jobs end; `kept` is a result that could not be put beside its source. */
const ENDS = ['done', 'wrong', 'kept', 'stopped', 'lost'] as const;
export type End = (typeof ENDS)[number];

/** The id of the n-th job that ended so, from 0, the newest. */
export function oldId(end: End, turn: number): string {
  return idOf(ENDS.length * turn + ENDS.indexOf(end));
}

/**
 * Gives a person jobs of a notebook that ended long ago, before there is a sidecar. From the newest on they end as
 * `ENDS` says, in turn, and are called `done-0`, `wrong-0`, …, `done-1` and so on.
 */
export function writeOldJobs(place: Place, notebook: string, count: number): void {
  const jobs = Array.from({ length: count }, (_, age) =>
    oldJob(place, path.join(place.root, notebook), ENDS[age % ENDS.length] ?? 'done', age)
  );
  writeJobs(place, jobs);
}

/** Gives a person a job of a notebook that is done, on a host that nobody asks any more. */
export function writeFarJob(place: Place, notebook: string, host: string): JobRecord {
  const job = oldJob(place, path.join(place.root, notebook), 'done', 0);
  const far = { ...job, cluster: { ...job.cluster, name: host, title: host, host } };
  writeJobs(place, [far]);
  return far;
}

function writeJobs(place: Place, jobs: readonly JobRecord[]): void {
  // As in jupyterlab_submit/folders.py.
  const host = hostname().split('.')[0] ?? '';
  const folder = path.join(place.data, 'jupyterlab-submit', host.toLowerCase());
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'jobs.sqlite');
  const store = openStore(file, pino({ enabled: false }));
  for (const job of jobs) {
    store.add(job, null);
  }
  store.close();
}

function oldJob(place: Place, notebook: string, end: End, age: number): JobRecord {
  const id = idOf(age);
  const name = `${end}-${Math.floor(age / ENDS.length)}`;
  const baseFolder = path.join(place.home, '.jupyterlab-submit');
  const job = finishedJob();
  const result = { ...job.result, notebook: `${notebook.slice(0, -'.ipynb'.length)}.${id}.ipynb` };
  return {
    ...job,
    id,
    spec: jobSpec({ notebook, name, cores: 1, engines: 1 }),
    cluster: { ...job.cluster, baseFolder },
    directory: path.join(baseFolder, id),
    createdAt: job.createdAt - 3600 * age,
    schedulerId: `1:${age}`,
    ...ended(end, result, path.dirname(notebook))
  };
}

function idOf(age: number): string {
  return `old${String(age).padStart(5, '0')}`;
}

function ended(end: End, here: JobRecord['result'], folder: string): Partial<JobRecord> {
  const none = { ...here, place: 'none', notebook: null } as const;
  switch (end) {
    case 'done':
      return { state: 'succeeded', result: here };
    case 'wrong':
      return {
        state: 'failed',
        cause: { code: 'cell-error', cell: 3, ename: 'ValueError', evalue: 'not so' },
        result: here
      };
    case 'kept':
      return {
        state: 'succeeded',
        result: { ...none, place: 'kept', problem: problem('disk-full', { folder }).problem }
      };
    case 'stopped':
      return { state: 'cancelled', cause: { code: 'cancelled', by: 'you' }, result: none };
    case 'lost':
      return { state: 'lost', cause: { code: 'no-word' }, result: none };
    default:
      return end satisfies never;
  }
}
