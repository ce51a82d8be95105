import { describe, expect, it } from 'vitest';

import { magicNeeds } from '../../src/needs/magicFiles';

const needs = (name: string, argument: string) => magicNeeds({ name, argument });
const nothing = { run: null, modules: [], words: [] };

describe('%run', () => {
  it.each<[string, string, string[]]>([
    ['x.py', 'x.py', []],
    ['pkg/mod', 'pkg/mod', []],
    ['-i x.py', 'x.py', []],
    ['-n -i -e x.py', 'x.py', []],
    ['-ie x.py', 'x.py', []],
    ['-t -N 5 x.py', 'x.py', []],
    ['-t -N5 x.py', 'x.py', []],
    ['-tN 5 x.py', 'x.py', []],
    ['-p -s cumulative -l 10 x.py', 'x.py', []],
    ['-d -b 40 x.py', 'x.py', []],
    ['-G x.py *.csv', 'x.py', ['*.csv']],
    ['x.py data.csv -n 3', 'x.py', ['data.csv', '-n', '3']],
    ['"a b.py" "c d"', 'a b.py', ['c d']],
    ["'a b.py'", 'a b.py', []],
    ['a\\ b.py', 'a b.py', []],
    ['"a\\"b\\$.py"', 'a"b\\$.py', []],
    ["'a\\b.py'", 'a\\b.py', []],
    ['a" "b\'c\'.py', 'a bc.py', []],
    ['größe.py', 'größe.py', []],
    ['-- -x.py', '-x.py', []],
    ['../x.py', '../x.py', []],
    ['x.ipynb', 'x.ipynb', []]
  ])('%j', (argument, run, words) => {
    expect(needs('run', argument)).toEqual({ run, modules: [], words });
  });

  it.each<[string, string, string[]]>([
    ['-m a.b', 'a.b', []],
    ['-m a.b x.csv', 'a.b', ['x.csv']],
    ['-im a', 'a', []]
  ])('a module: %j', (argument, module, words) => {
    expect(needs('run', argument)).toEqual({ run: null, modules: [module], words });
  });

  it.each(['', '-i', '-m', '-N', '-N 5', '--', "'"])('nothing: %j', argument => {
    expect(needs('run', argument)).toEqual(nothing);
  });

  it('what an open quote leaves', () => {
    expect(needs('run', '"open')).toEqual({ run: 'open', modules: [], words: [] });
  });
});

describe('other magics', () => {
  it('that name files', () => {
    expect(needs('load', '-r 1-3 x.py').words).toContain('x.py');
    expect(needs('cd', '-q "a b"').words).toEqual(['a b']);
  });

  it('that import', () => {
    expect(needs('load_ext', 'mine').modules).toEqual(['mine']);
    expect(needs('reload_ext', 'a.b').modules).toEqual(['a.b']);
    expect(needs('aimport', 'a, b -c').modules).toEqual(['a', 'b']);
  });

  it.each(['matplotlib', 'time', 'px', 'runx', 'writefile', 'bash', 'load_exts', 'RUN', ''])(
    'that name nothing: %j',
    name => {
      expect(needs(name, 'x.py')).toEqual(nothing);
    }
  );
});
