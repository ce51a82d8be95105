import { describe, expect, it } from 'vitest';

import { FolderView } from '../../src/needs/folderView';
import { moduleFiles } from '../../src/needs/moduleFiles';
import { memoryFolder } from './memoryFolder';

const view = new FolderView(
  memoryFolder({
    'one.py': '',
    'größe.py': '',
    'both.py': '',
    'both/__init__.py': '',
    'pkg/__init__.py': '',
    'pkg/a.py': '',
    'pkg/sub/__init__.py': '',
    'pkg/sub/b.py': '',
    'plain/c.py': '',
    'plain/deep/d.py': '',
    'json/x.json': '{}',
    'fast.cpython-312-x86_64-linux-gnu.so': 1,
    'quick.abi3.so': 1,
    'swift.pyd': 1,
    'scripts/one.py': '',
    'scripts/e.py': '',
    'folder.py/x.py': '',
    'data.csv': ''
  })
);

async function found(
  module: string,
  { level = 0, names = [] as string[], roots = [''], folder = '' } = {}
): Promise<[string[], string[]]> {
  const { taken, read } = await moduleFiles(view, { level, module, names }, { roots, folder });
  return [taken, read];
}

describe('absolute imports', () => {
  it.each<[string, string[], string[], string[]]>([
    ['one', [], ['one.py'], ['one.py']],
    ['one', ['f'], ['one.py'], ['one.py']],
    ['größe', [], ['größe.py'], ['größe.py']],
    ['both', [], ['both'], ['both/__init__.py']],
    ['pkg', [], ['pkg'], ['pkg/__init__.py']],
    ['pkg', ['a', 'f'], ['pkg'], ['pkg/__init__.py', 'pkg/a.py']],
    ['pkg', ['sub'], ['pkg'], ['pkg/__init__.py', 'pkg/sub/__init__.py']],
    ['pkg.a', [], ['pkg'], ['pkg/__init__.py', 'pkg/a.py']],
    ['pkg.sub.b', ['f'], ['pkg'], ['pkg/__init__.py', 'pkg/sub/__init__.py', 'pkg/sub/b.py']],
    ['pkg.nothing', [], ['pkg'], ['pkg/__init__.py']],
    ['plain', [], ['plain'], []],
    ['plain.c', [], ['plain'], ['plain/c.py']],
    ['plain.deep', ['d'], ['plain'], ['plain/deep/d.py']],
    ['fast', [], ['fast.cpython-312-x86_64-linux-gnu.so'], []],
    ['quick', [], ['quick.abi3.so'], []],
    ['swift', [], ['swift.pyd'], []]
  ])('%s with %j', async (module, names, taken, read) => {
    expect(await found(module, { names })).toEqual([taken, read]);
  });

  it.each([
    'numpy',
    'json',
    'data',
    'data.csv',
    'nothing.a',
    'folder',
    'fas',
    '',
    '.',
    'a..b',
    '../one'
  ])('%j is elsewhere', async module => {
    expect(await found(module)).toEqual([[], []]);
  });

  it('follow the order of the roots', async () => {
    const roots = ['scripts', ''];
    expect(await found('one', { roots })).toEqual([['scripts/one.py'], ['scripts/one.py']]);
    expect(await found('e', { roots })).toEqual([['scripts/e.py'], ['scripts/e.py']]);
    expect(await found('both', { roots })).toEqual([['both'], ['both/__init__.py']]);
    expect(await found('e', { roots: [''] })).toEqual([[], []]);
  });
});

describe('relative imports', () => {
  it.each<[number, string, string[], string, string[], string[]]>([
    [1, 'a', ['f'], 'pkg', ['pkg/a.py'], ['pkg/a.py']],
    [1, '', ['a'], 'pkg', ['pkg/a.py'], ['pkg/a.py']],
    [1, '', ['a', 'sub'], 'pkg', ['pkg/a.py', 'pkg/sub'], ['pkg/a.py', 'pkg/sub/__init__.py']],
    [2, 'a', ['f'], 'pkg/sub', ['pkg/a.py'], ['pkg/a.py']],
    [2, '', ['a'], 'pkg/sub', ['pkg/a.py'], ['pkg/a.py']],
    [3, 'one', [], 'pkg/sub', ['one.py'], ['one.py']],
    [1, 'one', ['f'], '', ['one.py'], ['one.py']]
  ])('%i dots, %j with %j in %j', async (level, module, names, folder, taken, read) => {
    expect(await found(module, { level, names, folder })).toEqual([taken, read]);
  });

  it.each<[number, string, string]>([
    [2, 'one', ''],
    [4, 'one', 'pkg/sub'],
    [1, 'one', 'pkg'],
    [1, '', '']
  ])('%i dots, %j in %j lead nowhere', async (level, module, folder) => {
    expect(await found(module, { level, folder })).toEqual([[], []]);
  });
});
