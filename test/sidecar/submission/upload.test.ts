import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OpenFile } from '../../../src/sidecar/files/openFile';
import { type Sent, archive } from '../../../src/sidecar/submission/upload';
import { makeTemp } from '../../makeTemp';

let source: string;
let target: string;
beforeEach(() => {
  source = makeTemp();
  target = makeTemp();
});
afterEach(() => vi.restoreAllMocks());

/** Unpacks as a cluster does. */
async function unpack(things: readonly Sent[]): Promise<void> {
  const tar = spawn('tar', ['-xof', '-', '-C', target], { stdio: ['pipe', 'inherit', 'pipe'] });
  const ended = once(tar, 'close');
  await pipeline(archive(things), tar.stdin);
  expect(await ended).toEqual([0, null]);
}

function sourceFile(name: string, text: string | Buffer): { path: string; file: string } {
  const file = path.join(source, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return { path: name, file };
}

/** Reads a stream to its end, and spoils something on the way. */
async function drain(stream: Readable, spoil: () => void): Promise<void> {
  for await (const chunk of stream) {
    expect(chunk).toBeDefined();
    spoil();
  }
}

test('texts, files and empty folders arrive as they are', async () => {
  const big = Buffer.from(Array.from({ length: 3_000_001 }, (_, index) => (index * 13) % 256));
  await unpack([
    { path: 'script.sh', text: '#!/bin/sh\n# ünï\n', mode: 0o700 },
    { path: 'empty/', folder: true },
    sourceFile('big.bin', big),
    sourceFile('zero', ''),
    { path: 'job.json', text: '' }
  ]);
  expect(readdirSync(target).toSorted()).toEqual([
    'big.bin',
    'empty',
    'job.json',
    'script.sh',
    'zero'
  ]);
  expect(readFileSync(path.join(target, 'script.sh'), 'utf8')).toBe('#!/bin/sh\n# ünï\n');
  expect(statSync(path.join(target, 'script.sh')).mode & 0o777).toBe(0o700);
  expect(readFileSync(path.join(target, 'big.bin')).equals(big)).toBe(true);
  expect(statSync(path.join(target, 'zero')).size).toBe(0);
  expect(statSync(path.join(target, 'empty')).isDirectory()).toBe(true);
});

test.each([
  'a blank',
  `quotes ' and "`,
  '$HOME and `id`',
  'a;b&c|d',
  'back\\slash\\n',
  'new\nline',
  '-rf',
  '--checkpoint-action=exec=id',
  'ünï ☃ 日本',
  `long/${'x'.repeat(120)}`,
  `${'deep/'.repeat(60)}file`,
  `${'ü'.repeat(120)}`,
  'x'.repeat(255),
  '*?[a]'
])('a file named %j arrives under that name', async name => {
  await unpack([{ path: `work/${name}`, text: 'text' }, sourceFile(`work/of/${name}`, 'file')]);
  expect(readFileSync(path.join(target, 'work', name), 'utf8')).toBe('text');
  expect(readFileSync(path.join(target, 'work/of', name), 'utf8')).toBe('file');
});

test('a file keeps its time, and whether it may run', async () => {
  const tool = sourceFile('tool', 'x');
  chmodSync(tool.file, 0o755);
  utimesSync(tool.file, 1_500_000_000, 1_500_000_000);
  await unpack([tool]);
  const { mode, mtimeMs } = statSync(path.join(target, 'tool'));
  expect([mode & 0o777, mtimeMs]).toEqual([0o700, 1_500_000_000_000]);
});

test('a file that vanishes before its turn fails the upload by name', async () => {
  const last = sourceFile('last', 'x');
  const stream = archive([sourceFile('first', Buffer.alloc(10_000_000)), last]);
  await expect(
    drain(stream, () => {
      rmSync(last.file, { force: true });
    })
  ).rejects.toMatchObject({ problem: { code: 'file-unreadable', values: { file: last.file } } });
});

test('a file that shrinks while it is sent fails the upload by name', async () => {
  const large = sourceFile('large', Buffer.alloc(30_000_000));
  const stream = archive([large, { path: 'z', text: '' }]);
  await expect(drain(stream, () => truncateSync(large.file, 5_000_000))).rejects.toMatchObject({
    problem: { code: 'file-unreadable', values: { file: large.file } }
  });
});

test.each([100, 300_000])(
  'a file of %i bytes that is emptied before it is read is named in what is said',
  async bytes => {
    const emptied = sourceFile('emptied', Buffer.alloc(bytes));
    const found = statSync(emptied.file);
    vi.spyOn(OpenFile.prototype, 'stat').mockImplementation(() => {
      truncateSync(emptied.file, 0);
      return Promise.resolve(found);
    });
    await expect(drain(archive([emptied]), () => undefined)).rejects.toMatchObject({
      problem: {
        code: 'file-unreadable',
        values: { file: emptied.file },
        details: { output: expect.stringContaining(`${emptied.file} became shorter`) }
      }
    });
  }
);

test('a pipe in the place of a file fails the upload by name, and nobody waits for it', async () => {
  const file = path.join(source, 'pipe');
  execFileSync('mkfifo', [file]);
  await expect(unpack([{ path: 'pipe', file }])).rejects.toMatchObject({
    problem: {
      code: 'file-unreadable',
      values: { file },
      details: { output: `${file} is not a file, but a pipe` }
    }
  });
});

test('a file that grows meanwhile arrives as long as it was', async () => {
  const growing = sourceFile('growing', Buffer.alloc(5_000_000, 'a'));
  const stream = archive([growing, { path: 'after', text: 'still in step' }]);
  const tar = spawn('tar', ['-xof', '-', '-C', target], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(tar, 'close');
  let isFirst = true;
  await pipeline(
    stream,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        if (isFirst) {
          writeFileSync(growing.file, Buffer.alloc(9_000_000, 'b'));
        }
        isFirst = false;
        yield chunk;
      }
    },
    tar.stdin
  );
  expect(await ended).toEqual([0, null]);
  expect(statSync(path.join(target, 'growing')).size).toBe(5_000_000);
  expect(readFileSync(path.join(target, 'after'), 'utf8')).toBe('still in step');
});

test('a folder in the place of a file fails the upload by name', async () => {
  mkdirSync(path.join(source, 'folder'));
  const file = path.join(source, 'folder');
  await expect(unpack([{ path: 'folder', file }])).rejects.toMatchObject({
    problem: { code: 'file-unreadable', values: { file } }
  });
});

test('tells how much of it has gone, growing, and at the end all of it', async () => {
  const seen: number[] = [];
  let length = 0;
  const things = [sourceFile('large.bin', Buffer.alloc(300_000)), { path: 'a.txt', text: 'x' }];
  for await (const chunk of archive(things, bytes => seen.push(bytes))) {
    length += Buffer.from(chunk as Uint8Array).length;
  }
  expect(seen.length).toBeGreaterThan(1);
  expect(seen).toEqual(seen.toSorted((one, other) => one - other));
  expect(seen.at(-1)).toBe(length);
});

test('small files wait until they are wanted, too', async () => {
  const small = sourceFile('small', Buffer.alloc(200_000));
  const stream = archive(
    Array.from({ length: 500 }, (_, number) => ({ ...small, path: `${number}` }))
  );
  const opened = stream[Symbol.asyncIterator]();
  await opened.next();
  const before = process.memoryUsage().arrayBuffers;
  await new Promise(resolve => {
    setTimeout(resolve, 500);
  });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  await opened.return?.();
});
