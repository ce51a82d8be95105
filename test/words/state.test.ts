import { describe, expect, it } from 'vitest';
import { type JobRecord, STATES } from '../../src/api/job';
import { stateLabel, stateWords } from '../../src/words';
import { NOON, finishedJob, jobRecord } from '../api/jobRecord';
import { reader, strict } from './strict';

const progress = (
  ready: number,
  cell: { index: number; total: number; startedAt: number } | null
): JobRecord['progress'] => ({ engines: { ready, wanted: 64 }, cell });

describe('stateWords', () => {
  // `reader` looks at 12:15.
  it.each<[string, Partial<JobRecord>]>([
    ['preparing', {}],
    ['reading the notebook', { step: { name: 'reading', bytes: 0 } }],
    ['sending', { step: { name: 'sending', bytes: 0 } }],
    ['sending 12 MB', { step: { name: 'sending', bytes: 12e6 } }],
    ['submitting', { step: { name: 'submitting', bytes: 0 } }],
    ['asking the cluster whether it took the job', { step: { name: 'checking', bytes: 0 } }],
    ['waiting', { state: 'queued' }],
    [
      'waiting: SomeNewReason',
      { state: 'queued', queue: { reason: 'SomeNewReason', wait: null, estimatedStart: null } }
    ],
    [
      'will never start as asked: more than its queue or account allows',
      {
        state: 'queued',
        queue: { reason: 'PartitionConfig', wait: 'too-large', estimatedStart: null }
      }
    ],
    [
      'waiting: other jobs go first, starts about 14:20',
      {
        state: 'queued',
        queue: { reason: 'Priority', wait: 'other-jobs', estimatedStart: NOON + 8400 }
      }
    ],
    [
      'waiting, starts about 14:20',
      { state: 'queued', queue: { reason: null, wait: null, estimatedStart: NOON + 8400 } }
    ],
    ['starting', { state: 'starting' }],
    ['starting engines, 48 of 64', { state: 'starting', progress: progress(48, null) }],
    ['starting', { state: 'starting', progress: { engines: { ready: 0, wanted: 0 }, cell: null } }],
    [
      'cell 7 of 23, 3 min in this cell, 12 min of 2 h',
      {
        state: 'running',
        startedAt: NOON + 180,
        progress: progress(64, { index: 7, total: 23, startedAt: NOON + 720 })
      }
    ],
    [
      'cell 7 of 23, 12 min of 2 h',
      {
        state: 'running',
        startedAt: NOON + 180,
        progress: progress(64, { index: 7, total: 23, startedAt: NOON + 899 })
      }
    ],
    ['running, 15 min of 2 h', { state: 'running', startedAt: NOON }],
    ['running, at most 2 h', { state: 'running' }],
    ['being cancelled (waiting)', { state: 'queued', cancelRequestedAt: NOON }],
    ['fetching results', { state: 'finishing', cancelRequestedAt: NOON }]
  ])('%s', (words, change) => {
    expect(stateWords(jobRecord(change), reader)).toBe(words);
  });

  it.each<[string, Partial<JobRecord>]>([
    ['done in 41 s', {}],
    ['done', { startedAt: null }],
    ['done in 41 s', { cancelRequestedAt: NOON }],
    [
      'done in 41 s, fetching results',
      { result: { ...finishedJob().result, place: 'fetching', notebook: null } }
    ],
    ['failed', { state: 'failed' }],
    [
      "failed: cell 12, ModuleNotFoundError: No module named 'torch'",
      {
        state: 'failed',
        cause: {
          code: 'cell-error',
          cell: 12,
          ename: 'ModuleNotFoundError',
          evalue: "No module named 'torch'\nand much more"
        }
      }
    ],
    [
      'time limit reached in cell 9',
      { state: 'timed-out', cause: { code: 'time-limit', cell: 9 } }
    ],
    ['time limit reached', { state: 'timed-out', cause: { code: 'time-limit', cell: null } }],
    ['cancelled by you', { state: 'cancelled', cause: { code: 'cancelled', by: 'you' } }],
    [
      'cancelled on the cluster',
      { state: 'cancelled', cause: { code: 'cancelled', by: 'cluster' } }
    ],
    ['cancelled', { state: 'cancelled', cause: { code: 'cancelled', by: 'unknown' } }],
    ['outcome unknown', { state: 'lost', cause: { code: 'no-word' } }]
  ])('%s', (words, change) => {
    expect(stateWords(finishedJob(change), reader)).toBe(words);
  });

  it('has words for every state, whatever else is known', () => {
    for (const state of STATES) {
      expect(stateWords(jobRecord({ state }), reader)).not.toBe('');
    }
  });
});

describe('stateLabel', () => {
  it('tells all states apart', () => {
    expect(new Set(STATES.map(state => stateLabel(state, strict))).size).toBe(STATES.length);
  });
});
