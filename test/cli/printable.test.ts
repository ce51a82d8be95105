import { describe, expect, it } from 'vitest';
import { printable, printableLine } from '../../src/cli/printable';

describe('printable', () => {
  it.each([
    ['plain größe 日本 🎉', 'plain größe 日本 🎉'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007x', 'x'],
    ['a\tb', 'a    b'],
    ['a\r\nb\nc', 'a\nb\nc'],
    ['over\rwritten', 'over\ufffdwritten'],
    ['bell\u0007 back\b', 'bell\ufffd back\ufffd'],
    ['c1 \u009b31m', 'c1 ']
  ])('%j becomes %j', (text, harmless) => {
    expect(printable(text)).toBe(harmless);
  });
});

describe('printableLine', () => {
  it('has no line ends', () => {
    expect(printableLine('a\nb\r\nc')).toBe('a b c');
  });
});
