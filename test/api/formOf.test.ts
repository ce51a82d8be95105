import * as v from 'valibot';
import { expect, it } from 'vitest';
import { formOf } from '../../src/api/formOf';
import { type JobSpec, KeptJobSpec, parseJobSpec } from '../../src/api/jobSpec';
import { jobSpec } from './jobRecord';

const SPECS: Partial<JobSpec>[] = [
  {},
  { cores: 64, coresPerEngine: 4, engines: 16 },
  ...[60, 61, 3600, 5400, 86_400, 216_000, 366 * 86_400].map(timeSeconds => ({ timeSeconds })),
  ...[1, 512, 1024, 1536, 1025, 4_194_304, 1_048_576_000].map(memoryPerCoreMb => ({
    memoryPerCoreMb
  })),
  { cluster: 'hpc', nodes: 2, enginesPerNode: 2, gpusPerNode: 1 },
  { queue: 'long,main', account: 'phys', qos: 'high', reservation: 'r_1', constraint: 'a&b' },
  { name: 'night_run-1.2', email: 'ada@example.org', python: '/opt/my python/bin/python3' },
  { files: ['*.csv', '!old.csv'], exclude: ['*.tmp'], findFiles: false, allowErrors: true },
  { environment: ['module load x; y="z"', 'a'], directives: ['--x=1'] },
  { notebook: "/data/été 2026/it's $HOME.ipynb", name: 'another' }
];

it.each(SPECS)('asks for the same again: %j', change => {
  const spec = jobSpec(change);
  expect(parseJobSpec(formOf(spec))).toEqual({ ok: true, value: spec });
  // As it comes out of a request.
  expect(parseJobSpec(JSON.parse(JSON.stringify(formOf(spec))))).toEqual({ ok: true, value: spec });
});

it.each(SPECS)('reads from a record what was written into it: %j', change => {
  const spec = jobSpec(change);
  expect(v.parse(KeptJobSpec, JSON.parse(JSON.stringify(spec)))).toEqual(spec);
});

it('reads records of earlier versions, which have null for what is absent and lack later fields', () => {
  const { startEngines: _, ...earlier } = jobSpec({ queue: 'long' });
  const nulls = { memoryPerCoreMb: null, nodes: null, account: null, python: null };
  expect(v.parse(KeptJobSpec, { ...earlier, ...nulls })).toEqual(jobSpec({ queue: 'long' }));
});

it.each(['notebook', 'cores', 'engines', 'timeSeconds', 'name'])(
  'reads no record without its %s',
  field => {
    expect(v.is(KeptJobSpec, { ...jobSpec(), [field]: undefined })).toBe(false);
  }
);
