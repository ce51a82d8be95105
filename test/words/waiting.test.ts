import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { JobRecord } from '../../src/api/job';
import { WAITS, WAIT_CODES, type Wait } from '../../src/api/waiting';
import { waitLine, waitWords } from '../../src/words';
import { NOON, jobRecord } from '../api/jobRecord';
import { strict } from './strict';

const waiting = (wait: Wait | null, reason: string | null = 'Word'): JobRecord =>
  jobRecord({ state: 'queued', queue: { reason, wait, estimatedStart: null } });

describe.each(WAIT_CODES)('%s', wait => {
  it('has a line that goes behind "waiting:"', () => {
    const line = waitLine({ wait, reason: 'Word' }, strict);
    expect(line).toMatch(/^[a-z][^%:]*[a-z]$/);
    expect(line.length).toBeLessThan(60);
  });

  it("says what to do where the job never starts, and keeps the scheduler's own word", () => {
    const words = waitWords(waiting(wait), strict);
    if (WAITS[wait] === 'never') {
      expect(words?.title).toContain('will never start as asked');
      expect(words?.advice).toMatch(/^Cancel it, and submit it /);
    }
    if (words !== null) {
      expect(words.advice).not.toBe('');
      expect(words.details).toContain('Word');
      expect(waitWords(waiting(wait, null), strict)?.details).toBe('');
    }
  });
});

it("is the scheduler's own word where there is no code for it", () => {
  expect(waitLine({ wait: null, reason: 'SomeNewReason' }, strict)).toBe('SomeNewReason');
  expect(waitLine({ wait: null, reason: null }, strict)).toBe('');
  expect(waitWords(waiting(null), strict)).toBeNull();
});

it('is not said of a job that does not wait', () => {
  expect(waitWords({ ...waiting('too-long'), state: 'running' }, strict)).toBeNull();
  expect(waitWords(jobRecord({ state: 'queued' }), strict)).toBeNull();
});

it('is unknown in a record of an earlier version', () => {
  const old = { ...waiting(null), queue: { reason: 'Priority', estimatedStart: NOON } };
  expect(v.parse(JobRecord, old).queue).toEqual({
    reason: 'Priority',
    wait: null,
    estimatedStart: NOON
  });
});

it.each([
  [1, 'next in the queue of this machine'],
  [3, 'number 3 in the queue of this machine']
])('says which place a job has on this machine: %d', (place, line) => {
  expect(waitLine({ wait: 'turn', reason: null, place }, strict)).toBe(line);
});
