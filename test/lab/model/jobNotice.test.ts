import { expect, it } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { english } from '../../../src/api/translation';
import { jobNotice } from '../../../src/lab/model/jobNotice';
import { NOON, finishedJob } from '../../api/jobRecord';

const { result } = finishedJob();

it.each<[Partial<JobRecord>, object]>([
  [{}, { message: 'analysis: done in 41 s', type: 'success', hasResult: true }],
  [
    {
      state: 'failed',
      cause: { code: 'cell-error', cell: 12, ename: 'NameError', evalue: 'x' }
    },
    {
      message: 'analysis: failed: cell 12, NameError: x',
      type: 'error',
      hasResult: true
    }
  ],
  [
    { state: 'timed-out', cause: { code: 'time-limit', cell: 9 } },
    {
      message: 'analysis: time limit reached in cell 9',
      type: 'warning',
      hasResult: true
    }
  ],
  [
    {
      state: 'cancelled',
      cause: { code: 'cancelled', by: 'you' },
      result: { ...result, place: 'none', notebook: null }
    },
    { message: 'analysis: cancelled by you', type: 'info', hasResult: false }
  ],
  [
    { state: 'cancelled', cause: { code: 'cancelled', by: 'cluster' } },
    { message: 'analysis: cancelled on the cluster', type: 'warning' }
  ],
  [
    { state: 'lost', result: { ...result, place: 'none', notebook: null } },
    { message: 'analysis: outcome unknown', type: 'error', hasResult: false }
  ],
  [
    {
      result: {
        ...result,
        place: 'kept',
        notebook: null,
        problem: { code: 'disk-full', values: { folder: '/home/ada/work' } }
      }
    },
    {
      message: expect.stringMatching(
        /^analysis: done in 41 s\. The result is kept in .*, because: /
      ),
      type: 'warning',
      hasResult: false
    }
  ]
])('tells of the end of %o', (change, expected) => {
  expect(jobNotice(finishedJob(change), { trans: english, now: NOON })).toMatchObject(expected);
});
