import { describe, expect, it } from 'vitest';
import { printable, printableLine, printableLog } from '../../src/cli/printable';

describe('printable', () => {
  it.each([
    ['plain größe 日本 🎉', 'plain größe 日本 🎉'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007x', 'x'],
    ['a\tb', 'a    b'],
    ['a\r\nb\nc', 'a\nb\nc'],
    ['over\rwritten', 'over\ufffdwritten'],
    ['bell\u0007 back\b', 'bell\ufffd back\ufffd'],
    ['c1 \u009b31m', 'c1 '],
    ['copy \u001b]52;c;cm0gLXJm\u0007', 'copy '],
    ['gpj.\u202eexe', 'gpj.\ufffdexe'],
    ['a\u2066b\u2069', 'a\ufffdb\ufffd'],
    ['one\u200bword', 'one\ufffdword'],
    ['\u{1f468}\u200d\u{1f4bb} می\u200cخواهم', '\u{1f468}\u200d\u{1f4bb} می\u200cخواهم']
  ])('%j becomes %j', (text, harmless) => {
    expect(printable(text)).toBe(harmless);
  });
});

describe('printableLog', () => {
  it('has a line for each time that a bar was drawn', () => {
    expect(printableLog('10 %\r20 %\r\r30 %\r\ndone\n')).toBe('10 %\n20 %\n30 %\ndone\n');
  });
});

describe('printableLine', () => {
  it('has no line ends', () => {
    expect(printableLine('a\nb\r\nc')).toBe('a b c');
  });
});
