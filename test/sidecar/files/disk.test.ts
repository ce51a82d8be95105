import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { diskOf } from '../../../src/sidecar/files/disk';
import { makeTemp } from '../../makeTemp';
import { holdLeases } from '../leases';

let folder: string;
beforeEach(() => {
  folder = makeTemp();
});

function at(name: string): string {
  return path.join(folder, name);
}

test.each([0, 1, 256 * 1024, 700_000])('a file of %i bytes is read as it is', async length => {
  const bytes = Buffer.alloc(length, 'abc');
  writeFileSync(at('a'), bytes);
  symlinkSync('a', at('link'));
  expect((await diskOf(folder, 'read').readAll(at('a'))).equals(bytes)).toBe(true);
  expect((await diskOf(folder, 'read').readAll(at('link'))).equals(bytes)).toBe(true);
});

test.each([
  ['a folder', 'folder', () => mkdirSync(at('a'))],
  ['a pipe', 'pipe', () => execFileSync('mkfifo', [at('a')])],
  [
    'a link to a pipe',
    'pipe',
    () => {
      execFileSync('mkfifo', [at('pipe')]);
      symlinkSync('pipe', at('a'));
    }
  ],
  ['a device', 'device', () => symlinkSync('/dev/zero', at('a'))]
])('%s is not read', async (_, kind, make) => {
  make();
  await expect(diskOf(folder, 'read').readAll(at('a'))).rejects.toMatchObject({
    kind,
    message: `${at('a')} is not a file, but a ${kind}`
  });
});

test('a socket is not read', async () => {
  const server = createServer().listen(at('a'));
  await expect(diskOf(folder, 'read').readAll(at('a'))).rejects.toMatchObject({ kind: 'socket' });
  server.close();
});

test('a pipe that is put there at the last moment is not waited at', async () => {
  writeFileSync(at('a'), 'text');
  execFileSync('mkfifo', [at('pipe')]);
  const disk = diskOf(folder, 'read');
  const opened = disk.readAll(at('a'));
  // The look at it is under way.
  renameSync(at('pipe'), at('a'));
  await expect(opened).rejects.toMatchObject({ kind: 'pipe' });
});

test('a file that somebody has a lease on is read when they give it back', async () => {
  writeFileSync(at('a'), 'text');
  const leases = await holdLeases([at('a')]);
  const read = diskOf(folder, 'read').readAll(at('a'));
  await leases.broken();
  leases.end();
  expect((await read).toString()).toBe('text');
});

test('an open that hangs has an end, and reads when the disk is there again', async () => {
  writeFileSync(at('a'), 'text');
  const leases = await holdLeases([at('a')]);
  await expect(diskOf(folder, 'read', 0.5).readAll(at('a'))).rejects.toMatchObject({
    problem: { code: 'disk-silent', values: { path: at('a'), seconds: 0.5 } }
  });
  leases.end();
  await expect
    .poll(() =>
      diskOf(folder, 'read')
        .readAll(at('a'))
        .then(String, () => null)
    )
    .toBe('text');
});

test('what is written is there, and never over anything', async () => {
  const disk = diskOf(folder, 'place');
  const file = await disk.createFile(at('new'));
  await file.write(Buffer.from('one'));
  await file.write(Buffer.from('two'));
  await file.close();
  expect(readFileSync(at('new'), 'utf8')).toBe('onetwo');
  await expect(disk.createFile(at('new'))).rejects.toMatchObject({ code: 'EEXIST' });
});
