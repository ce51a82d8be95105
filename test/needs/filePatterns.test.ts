import { describe, expect, it } from 'vitest';

import { patternProblem, selectFiles } from '../../src/needs/filePatterns';

const PATHS = [
  'x.csv',
  'X.CSV',
  'data/a.csv',
  'data/b.txt',
  'data/deep/c.csv',
  'lib/data/d.csv',
  'a b.txt',
  '-x',
  '#x',
  '!x',
  'größe.csv',
  "it's $1;.txt",
  'a\\b',
  'sub/.hidden'
];

describe('selectFiles', () => {
  it.each<[string[], string[], string[]]>([
    [[], [], []],
    [['x.csv'], [], ['x.csv']],
    [['/x.csv'], [], ['x.csv']],
    [['./x.csv'], [], ['x.csv']],
    [['.//x.csv'], [], ['x.csv']],
    [['data/'], [], ['data/a.csv', 'data/b.txt', 'data/deep/c.csv', 'lib/data/d.csv']],
    [['/data/'], [], ['data/a.csv', 'data/b.txt', 'data/deep/c.csv']],
    [['./data'], [], ['data/a.csv', 'data/b.txt', 'data/deep/c.csv']],
    [['data/*.csv'], [], ['data/a.csv']],
    [['data/**/*.csv'], [], ['data/a.csv', 'data/deep/c.csv']],
    [['*.csv'], [], ['x.csv', 'data/a.csv', 'data/deep/c.csv', 'lib/data/d.csv', 'größe.csv']],
    [['/*.csv'], [], ['x.csv', 'größe.csv']],
    [['data/'], ['*.txt'], ['data/a.csv', 'data/deep/c.csv', 'lib/data/d.csv']],
    [['data/'], ['deep'], ['data/a.csv', 'data/b.txt', 'lib/data/d.csv']],
    [['/data/', '!b.txt'], [], ['data/a.csv', 'data/deep/c.csv']],
    [['!b.txt', '/data/'], [], ['data/a.csv', 'data/deep/c.csv']],
    [['/data/'], ['*.csv', '!a.csv'], ['data/a.csv', 'data/b.txt']],
    [['a b.txt', '-x', '\\#x', '\\!x'], [], ['a b.txt', '-x', '#x', '!x']],
    [["it's $1;.txt", 'a\\\\b'], [], ["it's $1;.txt", 'a\\b']],
    [['*'], ['*'], []],
    [['*'], ['*.*', 'data', 'lib', 'sub'], ['-x', '#x', '!x', 'a\\b']],
    [['[xa].csv'], [], ['x.csv', 'data/a.csv']],
    [['nowhere', 'x.csv'], ['nothing'], ['x.csv']],
    [['x.CSV'], [], []],
    [['data'], [''], ['data/a.csv', 'data/b.txt', 'data/deep/c.csv', 'lib/data/d.csv']],
    [['../x.csv', '~/x.csv', '', '#x', 'a\n*', '[', '[z-a]', '\\'], [], []],
    [['!x.csv'], [], []]
  ])('%j without %j', (include, exclude, selected) => {
    expect(selectFiles(PATHS, include, exclude)).toEqual(selected);
  });

  it('never selects what no job takes along, nor a path that leaves the folder', () => {
    const paths = [
      'a',
      '.git/config',
      'b/__pycache__/c.pyc',
      '.ipynb_checkpoints/n.ipynb',
      '../x',
      './y',
      '/z',
      ''
    ];
    expect(selectFiles(paths, ['*'], [])).toEqual(['a']);
  });

  it('manages thousands of paths', () => {
    const paths = Array.from({ length: 2000 }, (_, index) => `data/run ${index}.npy`);
    expect(selectFiles(paths, ['data/'], ['run ?.npy'])).toHaveLength(1990);
  });
});

describe('patternProblem', () => {
  it.each<[string, 'outside' | 'empty' | 'control']>([
    ['', 'empty'],
    ['  ', 'empty'],
    ['.', 'empty'],
    ['./', 'empty'],
    ['/', 'empty'],
    ['//', 'empty'],
    ['!', 'empty'],
    ['!/', 'empty'],
    ['#', 'empty'],
    ['# comment', 'empty'],
    ['..', 'outside'],
    ['../x', 'outside'],
    ['./../x', 'outside'],
    ['/../x', 'outside'],
    ['a/../b', 'outside'],
    ['!../x', 'outside'],
    ['~/x', 'outside'],
    ['~me/x', 'outside'],
    ['a\nb', 'control'],
    ['a\r', 'control'],
    ['\ta', 'control'],
    ['a\0', 'control'],
    ['\u007f', 'control'],
    ['../\n', 'control']
  ])('%j: %s', (pattern, problem) => {
    expect(patternProblem(pattern)).toBe(problem);
  });

  it.each([
    'x',
    '*',
    'data/',
    '/data',
    './x',
    '*.csv',
    '!x',
    '\\#x',
    '..x',
    'x..',
    'a/..b',
    '...',
    '~x',
    'x~/y',
    ' x',
    'a b',
    '-x',
    '$x;',
    'größe',
    '/home/me/x.csv',
    '.env',
    '[ab]'
  ])('%j: none', pattern => {
    expect(patternProblem(pattern)).toBeNull();
  });
});
