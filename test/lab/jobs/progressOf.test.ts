import { expect, test } from 'vitest';
import { type JobRecord, STATES } from '../../../src/api/job';
import { english } from '../../../src/api/translation';
import { progressOf } from '../../../src/lab/jobs/progressOf';
import { NOON, jobRecord } from '../../api/jobRecord';

const reader = { trans: english, now: NOON + 720 };
const engines = { ready: 64, wanted: 64 };

function running(change: Partial<JobRecord>): JobRecord {
  return jobRecord({ state: 'running', startedAt: NOON, ...change });
}

test('a running job is as far as its cells', () => {
  const cell = { index: 7, total: 24, startedAt: NOON + 540 };
  expect(progressOf(running({ progress: { engines, cell } }), reader)).toEqual({
    share: 0.25,
    said: 'cell 7 of 24',
    inCell: '3 min in this cell',
    elapsed: '12 min of 2 h'
  });
});

test('a cell that has just begun needs no word', () => {
  const cell = { index: 1, total: 2, startedAt: NOON + 718 };
  expect(progressOf(running({ progress: { engines, cell } }), reader)).toMatchObject({
    share: 0,
    inCell: ''
  });
});

test('a notebook without cells does not divide by them', () => {
  const cell = { index: 1, total: 0, startedAt: NOON };
  expect(progressOf(running({ progress: { engines, cell } }), reader)?.share).toBe(0);
});

test('a job that runs no cell yet stands at the start', () => {
  expect(progressOf(running({ progress: null, startedAt: null }), reader)).toEqual({
    share: 0,
    said: 'before the first cell',
    inCell: '',
    elapsed: 'at most 2 h'
  });
});

test('a starting job is as far as its engines', () => {
  const progress = { engines: { ready: 48, wanted: 64 }, cell: null };
  expect(progressOf(running({ state: 'starting', progress }), reader)).toMatchObject({
    share: 0.75,
    said: '48 of 64 engines'
  });
});

test('a starting job without engines has no bar', () => {
  const progress = { engines: { ready: 0, wanted: 0 }, cell: null };
  expect(progressOf(running({ state: 'starting', progress }), reader)).toBeNull();
});

test.each(STATES.filter(state => state !== 'running' && state !== 'starting'))(
  'a %s job has no bar',
  state => {
    const cell = { index: 7, total: 24, startedAt: NOON };
    expect(progressOf(running({ state, progress: { engines, cell } }), reader)).toBeNull();
  }
);
