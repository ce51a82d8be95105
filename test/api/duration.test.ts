import { describe, expect, it } from 'vitest';
import { formatClock, parseDuration, splitDuration } from '../../src/api/duration';

describe('parseDuration', () => {
  it.each([
    ['48:00:00', 172_800],
    ['0:01:00', 60],
    ['100:00:01', 360_001],
    ['2-12:00:00', 216_000],
    ['0-00:00:30', 30],
    ['90m', 5400],
    ['90 min', 5400],
    ['2h', 7200],
    ['2 hours', 7200],
    ['1 hour', 3600],
    ['1h30m', 5400],
    ['1 h 30 min', 5400],
    ['2d', 172_800],
    ['1d12h', 129_600],
    ['1d 1h 1m 1s', 90_061],
    ['45s', 45],
    [' 2H ', 7200]
  ])('reads %j', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each([
    '',
    ' ',
    '90',
    '1.5h',
    '-1h',
    '2:30',
    '48:60:00',
    '48:00:60',
    '2-24:00:00',
    '2-12',
    '30m1h',
    '1h1h',
    '1w',
    'two hours',
    '2h; rm -rf /',
    '2h\n3h',
    '12345678h',
    '::',
    '1e3m',
    '٢h'
  ])('refuses %j', text => {
    expect(parseDuration(text)).toBeNull();
  });
});

describe('formatClock', () => {
  it.each([
    [0, '0:00:00'],
    [59.6, '0:01:00'],
    [7200, '2:00:00'],
    [216_000, '60:00:00'],
    [-5, '0:00:00']
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatClock(seconds)).toBe(text);
  });

  it('writes what parseDuration reads', () => {
    for (const seconds of [60, 3599, 86_399, 1_000_000]) {
      expect(parseDuration(formatClock(seconds))).toBe(seconds);
    }
  });
});

describe('splitDuration', () => {
  it('splits into all units', () => {
    expect(splitDuration(90_061)).toEqual({ days: 1, hours: 1, minutes: 1, seconds: 1 });
  });

  it('rounds before it splits, so that no unit is full', () => {
    expect(splitDuration(3599.7)).toEqual({ days: 0, hours: 1, minutes: 0, seconds: 0 });
  });
});
