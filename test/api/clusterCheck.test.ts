import { expect, it } from 'vitest';
import { type Queue, longestTime } from '../../src/api/clusterCheck';

const queue = (name: string, limitSeconds: number | null, isDefault = false): Queue => ({
  name,
  isDefault,
  limitSeconds,
  isUsable: true
});
const QUEUES = [queue('main', 3600, true), queue('long', 7200), queue('free', null)];

it.each([
  ['', 3600],
  ['main', 3600],
  ['main,long', 7200],
  ['main, free', null],
  ['gone', null]
])('the longest time in %j is %s', (asked, seconds) => {
  expect(longestTime(QUEUES, asked)).toBe(seconds);
});

it('knows none without queues', () => {
  expect(longestTime([], '')).toBeNull();
  expect(longestTime([queue('main', 3600)], '')).toBeNull();
});
