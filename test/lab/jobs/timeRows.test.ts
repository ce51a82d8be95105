import { expect, test } from 'vitest';
import { english } from '../../../src/api/translation';
import { timeRows } from '../../../src/lab/jobs/timeRows';
import { NOON, finishedJob, jobRecord } from '../../api/jobRecord';

const reader = { trans: english, now: NOON + 3600, locale: 'en-GB', timeZone: 'UTC' };

function told(job: Parameters<typeof timeRows>[0]): string[] {
  return timeRows(job, reader).map(({ label, value }) => `${label}: ${value}`);
}

test('a finished job tells all that is known of it', () => {
  const job = finishedJob({
    startedAt: NOON + 60,
    endedAt: NOON + 660,
    cancelRequestedAt: NOON + 600,
    schedulerId: '4711',
    contact: { seenAt: NOON + 720, problem: null }
  });
  expect(told(job)).toEqual([
    'Submitted: 12:00',
    'Started: 12:01',
    'Asked to end: 12:10',
    'Ended: 12:11',
    'Last seen: 12:12',
    'Cluster: This machine',
    'Id there: 4711',
    'Job id: k3v9x2ab',
    'Notebook: /home/ada/work/analysis.ipynb',
    'Job directory: /home/ada/.jupyterlab-submit/k3v9x2ab'
  ]);
});

test('a job that waits tells when it was asked for, and the reason as the scheduler wrote it', () => {
  const job = jobRecord({
    state: 'queued',
    queue: {
      reason: 'ReqNodeNotAvail, Reserved for maintenance',
      wait: 'maintenance',
      estimatedStart: null
    }
  });
  expect(told(job).slice(0, 2)).toEqual([
    'Submitted: 12:00',
    'Waits for: ReqNodeNotAvail, Reserved for maintenance'
  ]);
});
