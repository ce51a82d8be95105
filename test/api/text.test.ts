import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { fieldProblems } from '../../src/api/field';
import { absolutePath, line, name } from '../../src/api/text';

function codeOf(schema: v.GenericSchema, value: unknown): string | undefined {
  const read = v.safeParse(schema, value);
  return read.success ? undefined : fieldProblems(read.issues)[0]?.code;
}

describe('line', () => {
  it.each([
    ['a line of 20 letters', undefined],
    ['日本 é', undefined],
    ['', 'required'],
    [5, 'text'],
    ['a line of 21 letters.', 'too-long'],
    ['two\nlines', 'control-characters'],
    ['nul\0', 'control-characters'],
    ['para\u2029graph', 'control-characters']
  ])('%j: %s', (text, code) => {
    expect(codeOf(line(20), text)).toBe(code);
  });
});

describe('name', () => {
  it.each(['main', 'gpu:a100', 'a.b-c_d', 'me@here', '_x', '1x', 'a+b'])('takes %s', text => {
    expect(codeOf(name, text)).toBeUndefined();
  });

  it.each(['-x', '.x', 'a b', 'a;b', 'a$b', "a'b", 'a"b', 'a\\b', 'a/b', 'a,b', 'a*', 'é'])(
    'refuses %s',
    text => {
      expect(codeOf(name, text)).toBe('name-characters');
    }
  );
});

describe('absolutePath', () => {
  it.each([
    ['/', undefined],
    ["/with 'quotes' $and; spaces", undefined],
    ['relative/path', 'absolute-path'],
    ['~/home', 'absolute-path'],
    ['/with\nnewline', 'control-characters']
  ])('%j: %s', (path, code) => {
    expect(codeOf(absolutePath, path)).toBe(code);
  });
});
