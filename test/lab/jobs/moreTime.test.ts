import { expect, test } from 'vitest';
import { moreTime } from '../../../src/lab/jobs/moreTime';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

test.each([
  ['a minute', MINUTE, 2 * MINUTE],
  ['7 minutes', 7 * MINUTE, 11 * MINUTE],
  ['10 minutes', 10 * MINUTE, 15 * MINUTE],
  ['25 minutes', 25 * MINUTE, 40 * MINUTE],
  ['an hour', HOUR, 90 * MINUTE],
  ['2 hours', 2 * HOUR, 3 * HOUR],
  ['2 h 20 min', 140 * MINUTE, 3.5 * HOUR],
  ['7 hours', 7 * HOUR, 11 * HOUR],
  ['2 days', 2 * DAY, 3 * DAY],
  ['300 days, where a year is the most', 300 * DAY, 366 * DAY]
])('half as much again as %s is a time that people ask for', (_, seconds, more) => {
  expect(moreTime(seconds)).toBe(more);
});

test('there is no more than the most', () => {
  expect(moreTime(366 * DAY)).toBeNull();
});

test('what is offered is always more, and never twice as much but for a minute', () => {
  for (let seconds = MINUTE; seconds < 3 * DAY; seconds += 61) {
    const more = moreTime(seconds) ?? 0;
    expect(more).toBeGreaterThanOrEqual(1.5 * seconds);
    expect(more).toBeLessThanOrEqual(2 * seconds);
  }
});
