import { describe, expect, it } from 'vitest';

import { openString, unescape } from '../../src/needs/pythonString';

describe('openString', () => {
  it.each<[string, string]>([
    ['"x"', 'x'],
    ["r'x'", 'x'],
    ['"""x"""', 'x'],
    ['""', ''],
    ['""""""', ''],
    ['Rb"x"', 'x'],
    ['"x', 'x'],
    ['"', ''],
    ['"""x"', 'x"']
  ])('%j holds %j', (token, inside) => {
    const open = openString(token);
    expect(open && token.slice(open.from, open.to)).toBe(inside);
  });

  it.each(['', 'x', 'abcd"x"', '1"x"'])('%j is none', token => {
    expect(openString(token)).toBeNull();
  });
});

describe('unescape', () => {
  it.each<[string, string]>([
    ['x', 'x'],
    ['\\n\\t\\\\', '\n\t\\'],
    ['\\\\n', '\\n'],
    ['\\q\\.', '\\q\\.'],
    ['\\x4', '\\x4'],
    ['\\u004', '\\u004'],
    ['\\1234', 'S4'],
    ['\\N{LATIN SMALL LETTER A}', '\uFFFD'],
    ['\\N', '\\N'],
    ['\\U0001F600', '😀'],
    ['\\😀', '\\😀'],
    ['x\\', 'x\\']
  ])('%j is %j', (inside, value) => {
    expect(unescape(inside)).toBe(value);
  });
});
