import { describe, expect, it } from 'vitest';
import { command, quote } from '../../src/shell/quote';
import { AWKWARD_NAMES } from '../awkward';
import { wordsOf } from '../words';

describe('quote', () => {
  it.each([
    ['', "''"],
    ['sbatch', 'sbatch'],
    ['--time=2-00:00:00', '--time=2-00:00:00'],
    ['/home/ada/jobs', '/home/ada/jobs'],
    ['a blank', "'a blank'"],
    ["it's", "'it'\\''s'"],
    ['~', "'~'"],
    ['größe', "'größe'"]
  ])('%j is %s', (word, quoted) => {
    expect(quote(word)).toBe(quoted);
  });

  it('refuses what no program can be given', () => {
    expect(() => quote('a\u0000b')).toThrow(RangeError);
  });
});

describe('command', () => {
  it('comes out of bash as it went in', () => {
    const words = [
      ...AWKWARD_NAMES,
      '',
      ' ',
      '\n',
      'a\nb',
      '\t',
      '\r',
      "''",
      '$',
      '\u0001',
      '\ufffd'
    ];
    expect(wordsOf(command(words))).toEqual(words);
  });

  it('lets each word stand alone', () => {
    for (const word of [...AWKWARD_NAMES, '', '\n']) {
      expect(wordsOf(command([word]))).toEqual([word]);
    }
  });

  it('is nothing for nothing', () => {
    expect(wordsOf(command([]))).toEqual([]);
  });
});
