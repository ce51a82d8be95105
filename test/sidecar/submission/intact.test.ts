import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { once } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { FILES } from '../../../src/api/jobDirectory';
import { INTACT } from '../../../src/sidecar/submission/intact';
import { archive } from '../../../src/sidecar/submission/upload';
import { makeTemp } from '../../makeTemp';
import { sealed } from '../../sealed';

let folder: string;
let programs: string;
beforeEach(() => {
  folder = path.join(makeTemp(), 'it’s here');
  mkdirSync(folder);
  programs = makeTemp();
});

/** Unpacks what a job would be sent with, as a cluster does. */
async function arrive(...names: string[]): Promise<void> {
  const tar = spawn('tar', ['-xof', '-', '-C', folder], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(tar, 'close');
  const things = names.map(name => ({ path: name, text: `this is ${name}` }));
  await pipeline(archive([...things, { path: FILES.checksums, checksums: true }]), tar.stdin);
  expect(await ended).toEqual([0, null]);
}

/** Where these programs of this machine are, and nothing else. */
function only(...names: string[]): string {
  for (const name of names) {
    const found = execFileSync('bash', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    execFileSync('ln', ['-s', found, path.join(programs, name)]);
  }
  return programs;
}

/** What bash says: its status, and on standard error. */
function intact(PATH = `${programs}:${process.env['PATH'] ?? ''}`): [number | null, string] {
  const command = `${INTACT}\nintact "$1"`;
  const { status, stderr } = spawnSync('/bin/bash', ['-c', command, 'bash', folder], {
    env: { ...sealed(folder), PATH },
    encoding: 'utf8'
  });
  return [status, stderr];
}

const HELPERS = ['sed', 'tr', 'xargs', 'cut', 'cmp'];

describe.each([
  ['openssl', ['openssl', ...HELPERS]],
  ['sha256sum', ['sha256sum', ...HELPERS]],
  ['sha256sum and little else', ['sha256sum']]
])('with %s', (_, names) => {
  test('what has arrived whole is intact', async () => {
    await arrive('work/a', 'work/with two  words', 'work/ünï', '-r');
    expect(intact(only(...names))).toEqual([0, '']);
  });
});

test('a file that differs is named', async () => {
  await arrive('work/a', 'work/b');
  writeFileSync(path.join(folder, 'work/b'), 'this is work/c');
  const [status, said] = intact();
  expect(status).not.toBe(0);
  expect(said).toContain('work/b: FAILED');
});

test('a file that is not there is named', async () => {
  await arrive('work/a', 'work/b');
  rmSync(path.join(folder, 'work/a'));
  const [status, said] = intact();
  expect(status).not.toBe(0);
  expect(said).toContain('work/a');
});

test('names of several lines, and with backslashes, are what they are', async () => {
  await arrive('work/a', 'work/two\nlines', 'work/back\\slash');
  expect(intact()).toEqual([0, '']);
  writeFileSync(path.join(folder, 'work/two\nlines'), 'other');
  expect(intact()[0]).not.toBe(0);
});

test.each([
  ['fails', 'exit 1'],
  ['says something else', 'echo rubbish'],
  ['says what is wrong', `sed "s/^...../00000/" ${FILES.checksums}`]
])('an openssl that %s decides nothing', async (_, does) => {
  writeFileSync(path.join(programs, 'openssl'), `#!/bin/sh\n${does}\n`);
  chmodSync(path.join(programs, 'openssl'), 0o755);
  await arrive('work/a');
  expect(intact()).toEqual([0, '']);
  writeFileSync(path.join(folder, 'work/a'), 'other');
  expect(intact()[0]).not.toBe(0);
});

test('a host with neither does without', async () => {
  await arrive('work/a');
  expect(intact(only(...HELPERS))).toEqual([0, '']);
});
