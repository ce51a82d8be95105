import { expect, expectTypeOf, it } from 'vitest';
import { parsePageForm } from '../../src/api/jobSpec';
import {
  type ContentsPath,
  type FilePath,
  contentsPathOf,
  readContentsPaths
} from '../../src/api/paths';

it('a path of contents is no file, and a file or a text no path of contents', () => {
  expectTypeOf<ContentsPath>().not.toExtend<FilePath>();
  expectTypeOf<FilePath>().not.toExtend<ContentsPath>();
  expectTypeOf<string>().not.toExtend<ContentsPath>();
  expect(contentsPathOf('work/a.ipynb')).toBe('work/a.ipynb');
});

it('the form of a page names its notebook as the page knows it', () => {
  const form = { cores: 2, time: '1h' };
  expect(parsePageForm({ ...form, notebook: 'work/a b.ipynb' })).toMatchObject({
    ok: true,
    value: { notebook: 'work/a b.ipynb', name: 'a-b' }
  });
  expect(parsePageForm({ ...form, notebook: 'work/a.py' })).toEqual({
    ok: false,
    fields: [{ field: 'notebook', code: 'notebook-path', values: {} }]
  });
});

it.each([
  ['{"paths":["a.ipynb",null]}', ['a.ipynb', null]],
  ['{"paths":[7]}', null],
  ['[]', null],
  ['<html>', null]
])('reads %s as %j', (text, paths) => {
  expect(readContentsPaths(text)).toEqual(paths);
});
