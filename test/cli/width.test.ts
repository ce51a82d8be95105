import { describe, expect, it } from 'vitest';
import { columnsOf, cutEnd, cutMiddle, padEnd } from '../../src/cli/width';

describe('columnsOf', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['🎉', 2],
    ['👩‍🔬', 2],
    ['한글', 4],
    ['größe', 5]
  ])('%j takes %d', (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });
});

describe('cutEnd', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['abcdef', 1, '…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…']
  ])('%j to %d: %j', (text, columns, cut) => {
    expect(cutEnd(text, columns)).toBe(cut);
  });
});

describe('cutMiddle', () => {
  it.each([
    ['abcdefgh', 8, 'abcdefgh'],
    ['abcdefgh', 7, 'abc…fgh'],
    ['abcdefgh', 4, 'ab…h'],
    ['日本語日本語', 7, '日本…語']
  ])('%j to %d: %j', (text, columns, cut) => {
    expect(cutMiddle(text, columns)).toBe(cut);
  });

  it('is never wider than asked for', () => {
    for (let columns = 1; columns < 30; columns += 1) {
      expect(columnsOf(cutMiddle('ab日本cd👩‍🔬ef語gh'.repeat(3), columns))).toBeLessThanOrEqual(
        columns
      );
    }
  });
});

describe('padEnd', () => {
  it('fills up by columns, not by characters', () => {
    expect(padEnd('日本', 6)).toBe('日本  ');
    expect(padEnd('abc', 2)).toBe('abc');
  });
});
