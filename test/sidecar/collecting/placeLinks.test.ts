import { mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type Disk, diskOf } from '../../../src/sidecar/files/disk';
import { type Link, placeLinks } from '../../../src/sidecar/collecting/placeLinks';
import { FilesFolder } from '../../../src/sidecar/collecting/filesFolder';
import { makeTemp } from '../../makeTemp';

let folder: string;
let disk: Disk;
beforeEach(() => {
  folder = makeTemp();
  disk = diskOf(folder, 'place');
  mkdirSync(path.join(folder, 'run'));
  writeFileSync(path.join(folder, 'run/step2'), '2');
});

async function place(
  links: Link[],
  names: Record<string, string> = {}
): ReturnType<typeof placeLinks> {
  const results = await FilesFolder.find(disk, folder, makeTemp());
  return placeLinks(results, links, new Map(Object.entries(names)));
}

/** Has the disk answer the first link with this. */
function refuseOne(error: Error): void {
  const { symlink } = disk;
  let isFirst = true;
  disk = {
    ...disk,
    symlink: (...given) => {
      const answer = isFirst ? Promise.reject(error) : symlink(...given);
      isFirst = false;
      return answer;
    }
  };
}

function textOf(name: string): string {
  return readlinkSync(path.join(folder, name));
}

test('links are relative, and made when what they lead to is there, whatever their order', async () => {
  const links = [
    { path: 'a/b/best', target: 'last' },
    { path: 'last', target: 'run/step2' },
    { path: 'current', target: 'run' },
    { path: 'here', target: '' },
    { path: 'to nothing', target: 'big' }
  ];
  const { left, made } = await place(links);
  expect(made.map(link => link.path).toSorted()).toEqual(['a/b/best', 'current', 'here', 'last']);
  expect(left).toEqual([{ path: 'to nothing', bytes: 0, reason: 'link-target' }]);
  expect(['a/b/best', 'last', 'current', 'here'].map(textOf)).toEqual([
    '../../last',
    'run/step2',
    'run',
    '.'
  ]);
  expect(readFileSync(path.join(folder, 'a/b/best'), 'utf8')).toBe('2');
});

test('nothing is written over; the same link is ours, from before a crash', async () => {
  symlinkSync('run', path.join(folder, 'ours'));
  writeFileSync(path.join(folder, 'theirs'), 'theirs');
  const { made } = await place([
    { path: 'ours', target: 'run' },
    { path: 'theirs', target: 'run' },
    { path: 'next', target: 'theirs' }
  ]);
  expect(made).toEqual([
    { path: 'ours', bytes: 0 },
    { path: 'theirs-2', bytes: 0, from: 'theirs' },
    { path: 'next', bytes: 0 }
  ]);
  expect(textOf('next')).toBe('theirs-2');
  expect(readFileSync(path.join(folder, 'theirs'), 'utf8')).toBe('theirs');
});

test('a link leads to what came under another name', async () => {
  writeFileSync(path.join(folder, 'table-2.csv'), 'ours');
  await place([{ path: 'latest', target: 'table.csv' }], { 'table.csv': 'table-2.csv' });
  expect(textOf('latest')).toBe('table-2.csv');
});

test.each([
  ['EPERM', 'no-links'],
  ['ENOTSUP', 'no-links'],
  ['ENAMETOOLONG', 'name']
])('a file system that answers %s has the link left for it (%s)', async (code, reason) => {
  refuseOne(Object.assign(new Error(code), { code }));
  const { left, made } = await place([
    { path: 'first', target: 'run' },
    { path: 'second', target: 'run' }
  ]);
  expect(left).toEqual([{ path: 'first', bytes: 0, reason }]);
  expect(made).toEqual([{ path: 'second', bytes: 0 }]);
});

test('a disk that is full is no matter of the link', async () => {
  refuseOne(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  await expect(place([{ path: 'first', target: 'run' }])).rejects.toThrow('full');
});
