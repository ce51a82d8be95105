import { describe, expect, it } from 'vitest';
import { filesInterval, queueInterval, retryInterval } from '../../src/job/pace';

describe('filesInterval', () => {
  it.each([
    // age of the youngest job, somebody follows it, somebody sees the list, nobody looks
    [-5, 2, 2, 30],
    [0, 2, 2, 30],
    [20, 2, 2, 30],
    [25, 2.5, 2.5, 30],
    [60, 3, 6, 30],
    [299, 3, 29.9, 30],
    [86_400, 3, 30, 30]
  ])('after %d s', (age, close, list, none) => {
    expect(filesInterval(age, 'close')).toBe(close);
    expect(filesInterval(age, 'list')).toBe(list);
    expect(filesInterval(age, 'none')).toBe(none);
  });

  it('adds at most a tenth to the time to a result, but for the first seconds', () => {
    for (let age = 20; age < 1e6; age *= 1.3) {
      expect(filesInterval(age, 'list')).toBeLessThanOrEqual(age / 10);
    }
  });
});

describe('queueInterval', () => {
  const pace = { firstSeconds: 15, longestSeconds: 60 };

  it.each([
    [-5, 15],
    [0, 15],
    [150, 15],
    [300, 30],
    [600, 60],
    [86_400, 60]
  ])('after %d s is %d s', (age, seconds) => {
    expect(queueInterval(age, pace, 0)).toBe(seconds);
  });

  it.each([
    [0, 120, 120],
    [86_400, 120, 120],
    [0, 10, 15],
    [300, 20, 30]
  ])('after %d s is at least the %d s that are asked for: %d s', (age, least, seconds) => {
    expect(queueInterval(age, pace, least)).toBe(seconds);
  });
});

describe('retryInterval', () => {
  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [6, 160],
    [7, 300],
    [5000, 300]
  ])('after failure %d is %d s', (failures, seconds) => {
    expect(retryInterval(failures)).toBe(seconds);
  });
});
