import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { diskOf } from '../../../src/sidecar/files/disk';
import { placeFolder } from '../../../src/sidecar/collecting/placeFolder';
import { FilesFolder } from '../../../src/sidecar/collecting/filesFolder';
import { makeTemp } from '../../makeTemp';

let folder: string;
beforeEach(() => {
  folder = makeTemp();
});

function at(name: string): string {
  return path.join(folder, name);
}

function read(name: string): string {
  return readFileSync(at(name), 'utf8');
}

function find(): Promise<FilesFolder> {
  return FilesFolder.find(diskOf(folder, 'place'), at('a.files'), at('new'));
}

async function place(): Promise<Map<string, string>> {
  return placeFolder(at('new'), await find());
}

test('a folder is placed file by file, with what is there left alone', async () => {
  mkdirSync(at('new/deep/er'), { recursive: true });
  writeFileSync(at('new/deep/er/x'), '1');
  writeFileSync(at('new/taken.txt'), '2');
  writeFileSync(at('new/two\nlines'), '3');
  mkdirSync(at('a.files'));
  writeFileSync(at('a.files/taken.txt'), 'theirs');
  const placed = await place();
  expect(Object.fromEntries(placed)).toEqual({
    'deep/er/x': 'deep/er/x',
    'taken.txt': 'taken-2.txt',
    'two\nlines': 'two\nlines'
  });
  expect(read('a.files/taken.txt')).toBe('theirs');
  expect(read('a.files/taken-2.txt')).toBe('2');
  expect(read('a.files/two\nlines')).toBe('3');
});

test('a folder goes to a name that is free as it is', async () => {
  mkdirSync(at('new/deep'), { recursive: true });
  writeFileSync(at('new/deep/x'), '1');
  const placed = await place();
  expect([...placed]).toEqual([['deep/x', 'deep/x']]);
  expect(read('a.files/deep/x')).toBe('1');
  expect(readdirSync(folder)).toEqual(['a.files']);
});

test.each([
  ['a link to a folder', () => symlinkSync(makeTemp(), at('a.files'))],
  ['a link to nothing', () => symlinkSync(at('nowhere'), at('a.files'))],
  ['a file', () => writeFileSync(at('a.files'), 'theirs')]
])(
  '%s in the place of the results folder is left alone, and nothing goes through it',
  async (_, plant) => {
    mkdirSync(at('new/deep'), { recursive: true });
    writeFileSync(at('new/deep/x'), '1');
    plant();
    const before = readdirSync(folder);
    await place();
    expect(readdirSync(folder).toSorted()).toEqual(
      [...before, 'a-2.files'].filter(name => name !== 'new').toSorted()
    );
    expect(read('a-2.files/deep/x')).toBe('1');
    // The same again goes where it was.
    mkdirSync(at('new'));
    expect((await find()).root).toBe(at('a-2.files'));
  }
);

test('a link in the place of a folder in it is left alone, and nothing goes through it', async () => {
  mkdirSync(at('new/deep/er'), { recursive: true });
  writeFileSync(at('new/deep/er/x'), '1');
  writeFileSync(at('new/deep/y'), '2');
  mkdirSync(at('a.files'));
  const outside = makeTemp();
  symlinkSync(outside, at('a.files/deep'));
  expect(Object.fromEntries(await place())).toEqual({
    'deep/er/x': 'deep-2/er/x',
    'deep/y': 'deep-2/y'
  });
  expect(readlinkSync(at('a.files/deep'))).toBe(outside);
  expect(readdirSync(outside)).toEqual([]);
  expect([read('a.files/deep-2/er/x'), read('a.files/deep-2/y')]).toEqual(['1', '2']);
});

test('a link that is put there at the last moment takes nothing', async () => {
  mkdirSync(at('new'));
  writeFileSync(at('new/x'), '1');
  const results = await find();
  const outside = makeTemp();
  symlinkSync(outside, at('a.files'));
  await expect(placeFolder(at('new'), results)).rejects.toThrow(/something else/);
  expect(readdirSync(outside)).toEqual([]);
  expect(existsSync(at('new/x'))).toBe(true);
});

test.runIf(process.getuid?.() === 0)(
  'a folder of another account is not ours (needs root, who can make one)',
  async () => {
    mkdirSync(at('new'));
    mkdirSync(at('a.files'));
    chownSync(at('a.files'), 65_534, 65_534);
    expect((await find()).root).toBe(at('a-2.files'));
  }
);
