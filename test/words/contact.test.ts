import { expect, test } from 'vitest';
import { problem } from '../../src/api/problem';
import { english } from '../../src/api/translation';
import { contactLines } from '../../src/words';
import { NOON, finishedJob, jobRecord } from '../api/jobRecord';

const reader = { trans: english, now: NOON + 3600, locale: 'en-GB', timeZone: 'UTC' };
const unreachable = problem('cluster-unreachable', { cluster: 'hpc' }).problem;

test.each([
  ['was heard of', NOON, 'last seen 12:00 · hpc cannot be reached.'],
  ['was never heard of', null, 'not heard of yet · hpc cannot be reached.']
])('a job that %s tells what is in the way', (_, seenAt, line) => {
  const job = jobRecord({ state: 'running', contact: { seenAt, problem: unreachable } });
  expect(contactLines(job, reader)).toEqual([line]);
});

test('nothing is in the way of a job that is heard of, or over', () => {
  const contact = { seenAt: NOON, problem: null };
  expect(contactLines(jobRecord({ state: 'running', contact }), reader)).toEqual([]);
  const over = finishedJob({ contact: { seenAt: NOON, problem: unreachable } });
  expect(contactLines(over, reader)).toEqual([]);
});
