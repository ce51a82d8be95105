import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { ProblemError } from '../../../src/api/problem';
import { type Disk, diskOf } from '../../../src/sidecar/files/disk';
import { makeStaging, placeFile, placeProblem } from '../../../src/sidecar/files/place';
import { makeTemp } from '../../makeTemp';

let folder: string;
let file: string;
let disk: Disk;
beforeEach(() => {
  folder = makeTemp();
  file = path.join(folder, 'staged');
  writeFileSync(file, 'ours');
  disk = diskOf(folder, 'place');
});

function at(name: string): string {
  return path.join(folder, name);
}

function read(name: string): string {
  return readFileSync(at(name), 'utf8');
}

test('a file gets its name, and is no longer where it was', async () => {
  expect(await placeFile(disk, file, at('a.ipynb'))).toBe(at('a.ipynb'));
  expect(readdirSync(folder)).toEqual(['a.ipynb']);
  expect(read('a.ipynb')).toBe('ours');
});

test('nothing is written over: the name is numbered', async () => {
  writeFileSync(at('a.ipynb'), 'theirs');
  mkdirSync(at('a-2.ipynb'));
  symlinkSync('nowhere', at('a-3.ipynb'));
  symlinkSync('a.ipynb', at('a-4.ipynb'));
  expect(await placeFile(disk, file, at('a.ipynb'))).toBe(at('a-5.ipynb'));
  expect(read('a.ipynb')).toBe('theirs');
  expect(read('a-5.ipynb')).toBe('ours');
});

test('the same content in that place is ours, from before a crash', async () => {
  writeFileSync(at('a.ipynb'), 'ours');
  expect(await placeFile(disk, file, at('a.ipynb'))).toBe(at('a.ipynb'));
  expect(readdirSync(folder).toSorted()).toEqual(['a.ipynb', 'staged']);
  writeFileSync(at('b.ipynb'), 'sruo');
  expect(await placeFile(disk, file, at('b.ipynb'))).toBe(at('b-2.ipynb'));
});

test('a name that somebody takes at the same moment is left to them', async () => {
  const race: Disk = {
    ...disk,
    link: (from, to) => {
      writeFileSync(at('a.ipynb'), 'theirs');
      return disk.link(from, to);
    }
  };
  expect(await placeFile(race, file, at('a.ipynb'))).toBe(at('a-2.ipynb'));
  expect(read('a.ipynb')).toBe('theirs');
});

test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'])(
  'a file system without hard links (%s) is just as careful',
  async code => {
    const link = () => Promise.reject(Object.assign(new Error(code), { code }));
    writeFileSync(at('a.ipynb'), 'theirs');
    expect(await placeFile({ ...disk, link }, file, at('a.ipynb'))).toBe(at('a-2.ipynb'));
    expect(readdirSync(folder).toSorted()).toEqual(['a-2.ipynb', 'a.ipynb']);
    expect([read('a.ipynb'), read('a-2.ipynb')]).toEqual(['theirs', 'ours']);
  }
);

test('a staging folder is empty, whatever a crash of the same service has left in it', async () => {
  const staging = await makeStaging(disk, folder, 'k3v9x2ab', 'ours');
  writeFileSync(path.join(staging, 'left'), '');
  expect(await makeStaging(disk, folder, 'k3v9x2ab', 'ours')).toBe(staging);
  expect(readdirSync(staging)).toEqual([]);
});

test('what another service stages for the same job stays as it is', async () => {
  const theirs = await makeStaging(disk, folder, 'k3v9x2ab', 'theirs');
  writeFileSync(path.join(theirs, 'half'), '');
  expect(await makeStaging(disk, folder, 'k3v9x2ab', 'ours')).not.toBe(theirs);
  expect(readdirSync(theirs)).toEqual(['half']);
});

test('a folder that is not there cannot take anything', async () => {
  rmSync(folder, { recursive: true });
  await expect(makeStaging(disk, folder, 'k3v9x2ab', 'ours')).rejects.toMatchObject({
    problem: { code: 'source-folder-missing', values: { folder } }
  });
});

test.each([
  ['EACCES', 'folder-read-only'],
  ['EPERM', 'folder-read-only'],
  ['EROFS', 'folder-read-only'],
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['ENOENT', 'source-folder-missing'],
  ['ENOTDIR', 'source-folder-missing']
])('%s is the problem %s', (code, expected) => {
  const error = Object.assign(new Error(`${code}: no`), { code });
  const found = placeProblem(error, '/a/b');
  expect(found).toBeInstanceOf(ProblemError);
  expect(found).toMatchObject({
    problem: { code: expected, values: { folder: '/a/b' }, details: { output: `${code}: no` } },
    cause: error
  });
});

test('any other error stays what it is', () => {
  const error = Object.assign(new Error('EIO'), { code: 'EIO' });
  expect(placeProblem(error, '/a')).toBe(error);
  expect(placeProblem('text', '/a')).toBe('text');
});
