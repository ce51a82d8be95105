import { spawnSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { PACK, UNPACK } from '../../../src/sidecar/remote/tarCommands';
import { AWKWARD_NAMES } from '../../awkward';
import { PYTHON } from '../../jobs/bundle';
import { makeTemp } from '../../makeTemp';

let source: string;
let target: string;
beforeEach(() => {
  source = makeTemp();
  target = makeTemp();
});

/** A folder of programs without tar. */
function withoutTar(): string {
  const folder = makeTemp();
  symlinkSync('/bin/bash', path.join(folder, 'bash'));
  symlinkSync(PYTHON, path.join(folder, 'python3'));
  return folder;
}

function run(PATH: string, script: string, input: Buffer, folder: string): Buffer {
  const done = spawnSync('/bin/bash', ['--norc', '-c', script, 'test', folder], {
    cwd: folder,
    env: { PATH, LANG: 'C' },
    input,
    maxBuffer: 10_000_000
  });
  expect(done.stderr.toString()).toBe('');
  expect(done.status).toBe(0);
  return done.stdout;
}

const paths: [string, () => string][] = [
  ['tar', () => process.env['PATH'] ?? ''],
  ['Python', withoutTar]
];

describe.each(paths)('packed by %s', (_, packing) => {
  test.each(paths)('and unpacked by %s, everything arrives', (__, unpacking) => {
    const bytes = Buffer.from(Array.from({ length: 100_003 }, (_at, index) => (index * 7) % 256));
    mkdirSync(path.join(source, 'sub'));
    const names = [...AWKWARD_NAMES.map(name => `sub/x${name}`), 'first', 'second'];
    names.slice(0, -1).forEach(name => writeFileSync(path.join(source, name), bytes));
    linkSync(path.join(source, 'first'), path.join(source, 'second'));
    const list = Buffer.from(names.map(name => `${name}\0`).join(''));
    const archive = run(packing(), `${PACK}\npack`, list, source);
    run(unpacking(), `${UNPACK}\nunpack "$1"`, archive, target);
    expect(readdirSync(path.join(target, 'sub'))).toHaveLength(AWKWARD_NAMES.length);
    for (const name of names) {
      expect(readFileSync(path.join(target, name)).equals(bytes)).toBe(true);
      expect(statSync(path.join(target, name)).nlink).toBe(1);
    }
  });
});
