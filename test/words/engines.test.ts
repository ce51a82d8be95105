import { expect, it } from 'vitest';
import { contactWords, engineWords, planWords, takenWords } from '../../src/words';
import { NOON, finishedJob, jobRecord, jobSpec } from '../api/jobRecord';
import { reader, strict } from './strict';

it.each([
  [undefined, 4, false, '4 engines, at most 2 h.'],
  [2, 4, false, '4 engines on 2 nodes, at most 2 h.'],
  [1, 1, false, '1 engine on 1 node, at most 2 h.'],
  [undefined, 4, true, '4 engines as MPI ranks, at most 2 h.'],
  [2, 1, true, '1 engine as an MPI rank on 2 nodes, at most 2 h.'],
  [
    undefined,
    0,
    false,
    'Nothing in this notebook uses ipyparallel: it runs without engines, on 4 cores of one node, for at most 2 h.'
  ]
])('plans nodes %j, engines %d, as ranks %s', (nodes, engines, mpi, words) => {
  expect(planWords({ spec: jobSpec({ nodes }), engines, mpi }, strict)).toBe(words);
});

it('says that no engines start because somebody wants none', () => {
  expect(
    planWords({ spec: jobSpec({ startEngines: 'never' }), engines: 0, mpi: false }, strict)
  ).toBe('No engines start, as asked for; at most 2 h.');
});

it.each([
  [0, 0, ''],
  [0, 1, '0 of 1 engine'],
  [48, 64, '48 of 64 engines']
])('counts %d of %d engines', (ready, wanted, words) => {
  const job = jobRecord({ progress: { engines: { ready, wanted }, cell: null } });
  expect(engineWords(job, strict)).toBe(words);
});

it('tells when a cluster was last seen, only while something is in the way', () => {
  const problem = { code: 'cluster-unreachable', values: { cluster: 'hpc' } } as const;
  const contact = { seenAt: NOON + 180, problem };
  expect(contactWords(jobRecord({ contact }), reader)).toBe('last seen 12:03');
  expect(contactWords(jobRecord({ contact: { seenAt: null, problem } }), reader)).toBe(
    'not heard of yet'
  );
  expect(contactWords(jobRecord({ contact: { seenAt: NOON, problem: null } }), reader)).toBe('');
  expect(contactWords(finishedJob({ contact }), reader)).toBe('');
});

it('tells why each file goes along', () => {
  const words = (['import', 'literal', 'run', 'asked'] as const).map(why =>
    takenWords(why, strict)
  );
  expect(new Set(words).size).toBe(4);
});
