import { describe, expect, it } from 'vitest';

import { FolderView, MAX_ENTRIES } from '../../src/needs/folderView';
import { memoryFolder } from './memoryFolder';

const FILES = {
  'x.csv': 1,
  'data/a.csv': 2,
  'data/deep/b.csv': 3,
  'data/.hidden': 4,
  'data/__pycache__/c.pyc': 5,
  'data/.git/config': 6,
  'data/empty/': 0,
  'data/onlycache/__pycache__/d.pyc': 7,
  'a b/größe 1.csv': 8
};

describe('entry', () => {
  it.each([
    ['x.csv', 'file'],
    ['data', 'folder'],
    ['data/deep/b.csv', 'file'],
    ['data/.hidden', 'file'],
    ['data/empty', 'folder'],
    ['', 'folder']
  ])('%j is a %s', async (path, kind) => {
    expect(await new FolderView(memoryFolder(FILES)).entry(path)).toMatchObject({ kind });
  });

  it.each(['y', 'X.csv', 'x.csv/a', 'data/x.csv', 'data/__pycache__', 'data/.git/config', 'y/z'])(
    '%j is nothing',
    async path => {
      expect(await new FolderView(memoryFolder(FILES)).entry(path)).toBeNull();
    }
  );

  it('asks the file system once, and not at all for names that the folder above lacks', async () => {
    const folder = memoryFolder(FILES);
    const view = new FolderView(folder);
    await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => view.entry(`word ${index}`))
    );
    await view.entry('x.csv');
    await view.entry('x.csv');
    expect(folder.asked).toEqual({ stat: 1, list: 1, read: [] });
  });
});

describe('below', () => {
  it('finds files, and folders that hold nothing', async () => {
    const content = await new FolderView(memoryFolder(FILES)).below('data', { hidden: true });
    expect(content?.files.map(({ path }) => path).toSorted()).toEqual([
      'data/.hidden',
      'data/a.csv',
      'data/deep/b.csv'
    ]);
    expect(content?.emptyFolders.toSorted()).toEqual(['data/empty', 'data/onlycache']);
  });

  it('leaves hidden ones out where asked', async () => {
    const content = await new FolderView(memoryFolder(FILES)).below('data', { hidden: false });
    expect(content?.files).not.toContainEqual({ path: 'data/.hidden', bytes: 4 });
    expect(content?.files).toContainEqual({ path: 'data/a.csv', bytes: 2 });
  });

  it('gives up on too many', async () => {
    const many = (count: number) =>
      memoryFolder(
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`d/${i % 10}/${i}`, 1]))
      );
    const content = await new FolderView(many(2000)).below('d', { hidden: true });
    expect(content?.files).toHaveLength(2000);
    expect(await new FolderView(many(MAX_ENTRIES + 1)).below('d', { hidden: true })).toBeNull();
  });
});

describe('matches', () => {
  it.each<[string, string[]]>([
    ['*.csv', ['x.csv']],
    ['data/*.csv', ['data/a.csv']],
    ['data/*', ['data/a.csv', 'data/deep', 'data/empty', 'data/onlycache']],
    ['*/*.csv', ['data/a.csv', 'a b/größe 1.csv']],
    ['**/*.csv', ['x.csv', 'data/a.csv', 'data/deep/b.csv', 'a b/größe 1.csv']],
    ['data/**/*.csv', ['data/a.csv', 'data/deep/b.csv']],
    ['data/**', ['data', 'data/deep', 'data/empty', 'data/onlycache']],
    ['a b/größe ?.csv', ['a b/größe 1.csv']],
    ['data/.h*', ['data/.hidden']],
    ['*.txt', []],
    ['nowhere/*.csv', []],
    ['x.csv/*', []],
    ['data/__pyc*/*', []]
  ])('%j', async (pattern, paths) => {
    const found = await new FolderView(memoryFolder(FILES)).matches(pattern);
    expect(found?.toSorted()).toEqual(paths.toSorted());
  });
});

describe('outside', () => {
  it('asks, and finds nothing where nobody can be asked', async () => {
    const folder = memoryFolder({}, ['../x']);
    expect(await new FolderView(folder).outside('../x')).toBe('file');
    expect(await new FolderView(folder).outside('../y')).toBeNull();
    const alone = {
      stat: async (path: string) => folder.stat(path),
      list: async (path: string) => folder.list(path),
      read: async (path: string) => folder.read(path)
    };
    expect(await new FolderView(alone).outside('../x')).toBeNull();
  });
});
