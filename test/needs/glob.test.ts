import { describe, expect, it } from 'vitest';

import { hasWildcard, matchName } from '../../src/needs/glob';

describe('matchName', () => {
  it.each<[string, string]>([
    ['x.csv', 'x.csv'],
    ['*', 'x'],
    ['*.csv', 'a.csv'],
    ['a*', 'a'],
    ['a**b', 'axyb'],
    ['*a*b*', 'xxaxxbxx'],
    ['*ab', 'aab'],
    ['run_?.npy', 'run_1.npy'],
    ['?', '😀'],
    ['[abc].txt', 'b.txt'],
    ['[0-9][0-9]', '42'],
    ['[!0-9]', 'x'],
    ['[]]', ']'],
    ['[a-]', '-'],
    ['[', '['],
    ['[]', '[]'],
    ['a[b', 'a[b'],
    ['.*', '.hidden'],
    ['$x;*', '$x;y'],
    ['a\\*', 'a\\b'],
    ['größe*', 'größe 1'],
    ['*', 'a\nb'],
    ['a.c', 'a.c'],
    ['', '']
  ])('%j matches %j', (pattern, name) => {
    expect(matchName(pattern, name)).toBe(true);
  });

  it.each<[string, string]>([
    ['x.csv', 'X.csv'],
    ['*.csv', 'a.csvx'],
    ['*.csv', '.csv'],
    ['*', '.hidden'],
    ['?x', '.x'],
    ['a*', 'ba'],
    ['a*b', 'abc'],
    ['?', ''],
    ['?', 'ab'],
    ['[abc]', 'd'],
    ['[!abc]', 'a'],
    ['[0-9]', 'x'],
    ['a.c', 'abc'],
    ['', 'a'],
    ['a', ''],
    ['(a|b)', 'a'],
    ['a+', 'aa']
  ])('%j does not match %j', (pattern, name) => {
    expect(matchName(pattern, name)).toBe(false);
  });

  it('takes no longer than pattern times name', () => {
    expect(matchName(`${'*a'.repeat(400)}*b`, 'a'.repeat(250))).toBe(false);
  });
});

describe('hasWildcard', () => {
  it.each(['*', 'a*b', '?', '[ab]', 'x[0-9].csv'])('%j', text => {
    expect(hasWildcard(text)).toBe(true);
  });

  it.each(['', 'a', '[', ']', '[]', 'a]b[', '{a}', '%d'])('not %j', text => {
    expect(hasWildcard(text)).toBe(false);
  });
});
