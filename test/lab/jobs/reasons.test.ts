import { expect, test } from 'vitest';
import { problem } from '../../../src/api/problem';
import { english } from '../../../src/api/translation';
import { reasons } from '../../../src/lab/jobs/reasons';
import { finishedJob, jobRecord } from '../../api/jobRecord';

const missingFile = {
  code: 'cell-error',
  cell: 2,
  ename: 'FileNotFoundError',
  evalue: 'data.csv'
} as const;
const unreachable = problem('cluster-unreachable', { cluster: 'hpc' }).problem;

test.each(['failed', 'timed-out', 'lost'] as const)('a %s job has a reason', state => {
  const job = finishedJob({ state, cause: { code: 'killed', signal: 9 } });
  expect(reasons(job, english)).toEqual([
    {
      title: 'The job was killed from outside before it could say why.',
      advice:
        'Too little memory ends this way, and so does a restart of the machine. Use less memory, or submit it again.',
      details: 'Signal: 9'
    }
  ]);
});

test('a cancelled job needs none', () => {
  const job = finishedJob({ state: 'cancelled', cause: { code: 'cancelled', by: 'you' } });
  expect(reasons(job, english)).toEqual([]);
});

test('files that were not taken along are named where a cell missed one', () => {
  const notTaken = ['/data/a.csv', '../b.csv'];
  const failed = finishedJob({ state: 'failed', cause: missingFile, notTaken });
  expect(reasons(failed, english)[0]?.advice.split('\n').slice(1)).toEqual([
    'Not taken along: /data/a.csv',
    'Not taken along: ../b.csv'
  ]);
  const other = finishedJob({ state: 'failed', cause: { ...missingFile, ename: 'E' }, notTaken });
  expect(reasons(other, english)[0]?.advice).not.toContain('Not taken along');
});

test('what keeps a result away stands beside why the job failed', () => {
  const diskFull = problem('disk-full', { folder: '/work' }).problem;
  const result = { ...finishedJob().result, place: 'kept' as const, problem: diskFull };
  const job = finishedJob({ state: 'failed', cause: missingFile, result });
  expect(reasons(job, english).map(({ title }) => title)).toEqual([
    'Cell 2 failed: FileNotFoundError: data.csv',
    'There is no room left for the result in /work.'
  ]);
});

test('why a job is not heard of is told until it is over', () => {
  const contact = { seenAt: null, problem: unreachable };
  const running = jobRecord({ state: 'running', contact });
  expect(reasons(running, english)).toMatchObject([{ title: 'hpc cannot be reached.' }]);
  expect(reasons(finishedJob({ contact }), english)).toEqual([]);
});

test('a job that will never start says what to do', () => {
  const queue = { reason: 'PartitionTimeLimit', wait: 'too-long', estimatedStart: null } as const;
  expect(reasons(jobRecord({ state: 'queued', queue }), english)).toMatchObject([
    {
      title: expect.stringContaining('will never start'),
      advice: expect.stringContaining('less time'),
      details: expect.stringContaining('PartitionTimeLimit')
    }
  ]);
  const turn = { ...queue, reason: 'Priority', wait: 'other-jobs' } as const;
  expect(reasons(jobRecord({ state: 'queued', queue: turn }), english)).toEqual([]);
});
