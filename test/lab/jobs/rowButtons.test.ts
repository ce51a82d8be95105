import { expect, test } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { problem } from '../../../src/api/problem';
import { english } from '../../../src/api/translation';
import { filesLeft } from '../../../src/api/resultFiles';
import { rowButtons } from '../../../src/lab/jobs/rowButtons';
import { finishedJob, jobRecord, jobSpec } from '../../api/jobRecord';

const here = finishedJob().result;
const none = { ...here, place: 'none' as const, notebook: null };
const kept = { ...none, place: 'kept' as const };
const left = { ...here, left: filesLeft([{ path: 'big.npy', bytes: 5e9 }]) };
const unreachable = problem('cluster-unreachable', { cluster: 'hpc' }).problem;
const asks = problem('login-asks', { host: 'hpc', user: 'ada' }).problem;

test.each<[string, JobRecord, string[]]>([
  ['an active job', jobRecord({ state: 'running' }), []],
  [
    'a job that waits',
    jobRecord({
      state: 'queued',
      queue: { reason: 'Priority', wait: 'other-jobs', estimatedStart: null }
    }),
    []
  ],
  [
    'a job that never starts',
    jobRecord({
      state: 'queued',
      queue: { reason: 'PartitionTimeLimit', wait: 'too-long', estimatedStart: null }
    }),
    ['Cancel']
  ],
  [
    'an active job that is not heard of',
    jobRecord({ state: 'running', contact: { seenAt: null, problem: unreachable } }),
    ['Check again']
  ],
  [
    'an active job whose host wants the person',
    jobRecord({ state: 'running', contact: { seenAt: 5, problem: asks } }),
    ['Sign in']
  ],
  [
    'a result whose host wants the person',
    finishedJob({ result: { ...kept, problem: asks } }),
    ['Sign in']
  ],
  [
    'files whose host wants the person',
    finishedJob({ result: { ...left, problem: asks } }),
    ['Open result', 'Sign in']
  ],
  ['a finished job', finishedJob(), ['Open result']],
  ['a failed job', finishedJob({ state: 'failed' }), ['Open result', 'Submit again']],
  [
    'one that failed without a result',
    finishedJob({ state: 'failed', result: none }),
    ['Submit again']
  ],
  [
    'one that ran out of time',
    finishedJob({ state: 'timed-out' }),
    ['Open result', 'Submit again with 3 h']
  ],
  [
    'one that ran out of a whole year',
    finishedJob({ state: 'timed-out', result: none, spec: jobSpec({ timeSeconds: 366 * 86_400 }) }),
    ['Submit again']
  ],
  ['a cancelled job', finishedJob({ state: 'cancelled', result: none }), []],
  ['a lost job', finishedJob({ state: 'lost', result: none }), ['Check again']],
  ['a kept result', finishedJob({ result: kept }), ['Fetch again']],
  ['files that were left', finishedJob({ result: left }), ['Open result', 'Fetch them']],
  ['a result on its way', finishedJob({ result: { ...left, place: 'fetching' } }), []]
])('%s offers its next steps', (_, job, labels) => {
  const buttons = rowButtons(job, 'work/analysis.ipynb', english);
  expect(buttons.map(({ label }) => label)).toEqual(labels);
  expect(buttons.every(({ isEnabled }) => isEnabled)).toBe(true);
});

test('more time is asked for in the words of the form', () => {
  const [button] = rowButtons(finishedJob({ state: 'timed-out', result: none }), null, english);
  expect(button).toMatchObject({
    command: 'jupyterlab-submit:submit-again',
    args: { time: '3:00:00' }
  });
});

test('a result that this server does not show is not opened', () => {
  expect(rowButtons(finishedJob(), null, english)).toEqual([]);
});

test('a result whose path is not known yet waits', () => {
  expect(rowButtons(finishedJob(), undefined, english)).toMatchObject([
    { label: 'Open result', isEnabled: false }
  ]);
});
