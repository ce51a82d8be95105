import { describe, expect, it } from 'vitest';
import { plainText } from '../../../src/lab/views/plainText';

describe('what a program printed', () => {
  it.each([
    ['lines', 'one\ntwo\n', 'one\ntwo\n', ''],
    ['colors', '\u001b[0;31mError\u001b[0m: no', 'Error: no', ''],
    ['lines of Windows', 'one\r\ntwo\r\n', 'one\ntwo\n', ''],
    ['a progress bar', ' 1%\r 2%\r 3%\n', ' 1%\n 2%\n 3%\n', ''],
    ['a color that has begun', 'a\u001b[1;3', 'a', '\u001b[1;3'],
    ['an escape character alone', 'a\u001b', 'a', '\u001b'],
    ['half of a line end', 'a\r', 'a', '\r'],
    ['brackets', 'x[0] = [1m]', 'x[0] = [1m]', '']
  ])('is text to read: %s', (_, printed, text, rest) => {
    expect(plainText(printed)).toEqual({ text, rest });
  });

  it('reads the same however it is cut', () => {
    const printed = 'a\u001b[31mb\r\nc\rd\u001b[0m\n';
    for (let cut = 0; cut <= printed.length; cut += 1) {
      const first = plainText(printed.slice(0, cut));
      const second = plainText(first.rest + printed.slice(cut));
      expect(first.text + second.text).toBe('ab\nc\nd\n');
    }
  });
});
