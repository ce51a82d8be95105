import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { listFiles, sourceFolder } from '../../../src/sidecar/submission/sourceFolder';
import { makeTemp } from '../../makeTemp';

let root: string;
beforeEach(() => {
  root = makeTemp();
  mkdirSync(path.join(root, 'data/deep'), { recursive: true });
  writeFileSync(path.join(root, 'data/deep/a.txt'), 'text');
  writeFileSync(path.join(root, 'a.py'), 'import b');
});

test('files and folders are told apart, with sizes', async () => {
  const folder = sourceFolder(root);
  expect(await folder.stat('data/deep/a.txt')).toEqual({ kind: 'file', bytes: 4 });
  expect(await folder.stat('data')).toEqual({ kind: 'folder', bytes: 0 });
  expect(await folder.stat('')).toEqual({ kind: 'folder', bytes: 0 });
  expect(await folder.stat('missing')).toBeNull();
  expect(await folder.stat('a.py/below')).toBeNull();
  expect(await folder.list('data')).toEqual(['deep']);
  expect(await folder.list('missing')).toEqual([]);
  expect(await folder.read('a.py')).toBe('import b');
  expect(await folder.read('data')).toBeNull();
  truncateSync(path.join(root, 'a.py'), 2 ** 40);
  expect(await folder.read('a.py')).toBeNull();
});

test('links are what they lead to, but for those that lead back up', async () => {
  symlinkSync('a.py', path.join(root, 'to-file'));
  symlinkSync('data/deep', path.join(root, 'to-folder'));
  symlinkSync('.', path.join(root, 'to-itself'));
  symlinkSync('../..', path.join(root, 'data/deep/up'));
  symlinkSync(root, path.join(root, 'absolute'));
  symlinkSync('nowhere', path.join(root, 'broken'));
  symlinkSync('circle', path.join(root, 'circle'));
  const folder = sourceFolder(root);
  expect(await folder.stat('to-file')).toEqual({ kind: 'file', bytes: 8 });
  expect(await folder.stat('to-folder')).toEqual({ kind: 'folder', bytes: 0 });
  for (const name of ['to-itself', 'data/deep/up', 'absolute', 'broken', 'circle']) {
    expect(await folder.stat(name), name).toBeNull();
  }
});

test('what is neither file nor folder is nothing to take along', async () => {
  execFileSync('mkfifo', [path.join(root, 'pipe')]);
  expect(await sourceFolder(root).stat('pipe')).toBeNull();
  expect(await listFiles(root)).toEqual(['a.py', 'data/deep/a.txt']);
});

test('what lies outside is looked for from the folder and from the home folder', async () => {
  vi.stubEnv('HOME', root);
  const folder = sourceFolder(path.join(root, 'data'));
  expect(await folder.outside?.('../a.py')).toBe('file');
  expect(await folder.outside?.('~/a.py')).toBe('file');
  expect(await folder.outside?.('~')).toBe('folder');
  expect(await folder.outside?.('/etc/passwd')).toBe('file');
  expect(await folder.outside?.('../b.py')).toBeNull();
  expect(await folder.outside?.('~other/a.py')).toBeNull();
});

test('patterns look at everything, through links, too, but for histories, caches and earlier results', async () => {
  const passedOver = ['.git', '.ipynb_checkpoints', '__pycache__', 'node_modules'];
  for (const name of [...passedOver, 'nb.k3v9x2ab.files', 'data/.git']) {
    mkdirSync(path.join(root, name));
    writeFileSync(path.join(root, name, 'x'), '');
  }
  mkdirSync(path.join(root, 'my.files'));
  writeFileSync(path.join(root, 'my.files/new\nline'), '');
  symlinkSync('data', path.join(root, 'link'));
  expect(await listFiles(root)).toEqual([
    'a.py',
    'data/deep/a.txt',
    'link/deep/a.txt',
    'my.files/new\nline'
  ]);
  expect(await listFiles(path.join(root, 'missing'))).toEqual([]);
});
