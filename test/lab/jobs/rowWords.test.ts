import { expect, test } from 'vitest';
import { type JobRecord, STATES } from '../../../src/api/job';
import { english } from '../../../src/api/translation';
import { rowWords } from '../../../src/lab/jobs/rowWords';
import { NOON, finishedJob, jobRecord } from '../../api/jobRecord';

const reader = { trans: english, now: NOON + 720, locale: 'en-GB', timeZone: 'UTC' };
const kept = finishedJob().result;
const none = { ...kept, place: 'none' as const, notebook: null };
const cell = { index: 7, total: 23, startedAt: NOON + 540 };

const ROWS: [string, JobRecord, short: string, line: string][] = [
  ['prepared', jobRecord(), 'preparing', ''],
  [
    'sent',
    jobRecord({ step: { name: 'sending', bytes: 12_000_000 } }),
    'preparing',
    'sending 12 MB'
  ],
  [
    'queued for ever',
    jobRecord({
      state: 'queued',
      queue: { reason: 'PartitionTimeLimit', wait: 'too-long', estimatedStart: NOON }
    }),
    'will never start',
    'longer than its queue or account allows'
  ],
  ['queued, nothing known', jobRecord({ state: 'queued' }), 'waiting', ''],
  [
    'queued with a reason',
    jobRecord({
      state: 'queued',
      queue: { reason: 'Priority', wait: 'other-jobs', estimatedStart: NOON + 8400 }
    }),
    'waiting',
    'other jobs go first · starts about 14:20'
  ],
  [
    'starting its engines',
    jobRecord({ state: 'starting', progress: { engines: { ready: 48, wanted: 64 }, cell: null } }),
    'starting',
    'starting engines, 48 of 64'
  ],
  ['starting without engines', jobRecord({ state: 'starting' }), 'starting', ''],
  ['running, before a cell', jobRecord({ state: 'running' }), 'running', ''],
  [
    'running a cell',
    jobRecord({ state: 'running', progress: { engines: { ready: 4, wanted: 4 }, cell } }),
    'cell 7 of 23',
    ''
  ],
  [
    'being cancelled',
    jobRecord({ state: 'queued', cancelRequestedAt: NOON }),
    'being cancelled',
    ''
  ],
  ['finishing', jobRecord({ state: 'finishing' }), 'fetching results', ''],
  ['succeeded', finishedJob(), 'done in 41 s', ''],
  [
    'succeeded, result on its way',
    finishedJob({ result: { ...kept, place: 'fetching' } }),
    'done in 41 s',
    ''
  ],
  ['succeeded, times unknown', finishedJob({ startedAt: null }), 'done', ''],
  [
    'failed in a cell',
    finishedJob({
      state: 'failed',
      cause: { code: 'cell-error', cell: 12, ename: 'ModuleNotFoundError', evalue: 'torch' }
    }),
    'failed',
    'cell 12, ModuleNotFoundError: torch'
  ],
  ['failed, nobody knows why', finishedJob({ state: 'failed' }), 'failed', ''],
  [
    'out of time',
    finishedJob({ state: 'timed-out', cause: { code: 'time-limit', cell: 9 } }),
    'out of time',
    'time limit reached in cell 9; what was computed is kept'
  ],
  [
    'out of time without a result',
    finishedJob({ state: 'timed-out', result: none }),
    'out of time',
    'time limit reached'
  ],
  [
    'cancelled',
    finishedJob({ state: 'cancelled', cause: { code: 'cancelled', by: 'you' } }),
    'cancelled',
    'cancelled by you'
  ],
  ['cancelled, nobody knows by whom', finishedJob({ state: 'cancelled' }), 'cancelled', ''],
  [
    'lost',
    finishedJob({ state: 'lost', cause: { code: 'no-word' }, result: none }),
    'unknown',
    'The cluster no longer knows this job, and it left no result.'
  ],
  ['lost without a cause', finishedJob({ state: 'lost' }), 'unknown', 'outcome unknown']
];

test.each(ROWS)('a job %s', (_, job, short, line) => {
  expect(rowWords(job, reader)).toEqual({ short, line });
});

test('no state is forgotten', () => {
  expect(new Set(ROWS.map(([, job]) => job.state))).toEqual(new Set(STATES));
});
