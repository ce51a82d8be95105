import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { local } from '../../../src/sidecar/remote/local';
import type { Remote } from '../../../src/sidecar/remote/remote';
import { makeTemp } from '../../makeTemp';
import { localAccountWith } from './openTemp';
import { remoteSuite } from './suite';

function run(script: string, more: Partial<Parameters<typeof local.run>[0]> = {}) {
  return local.run({ script, timeoutSeconds: 20, ...more });
}

remoteSuite('this machine', {
  reach: async startUp => {
    const account = localAccountWith(startUp);
    const remote: Remote = {
      where: local.where,
      run: command => local.run({ environment: account, ...command })
    };
    return { remote, cut: () => undefined };
  },
  variablesOf: 'caller',
  withoutLink: 'a process of this machine has none'
});

test("commands run in the sidecar's environment, or in the caller's alone", async () => {
  vi.stubEnv('OURS', 'sidecar');
  expect((await run('echo "$OURS"')).stdout).toBe('sidecar\n');
  const environment = { PATH: process.env['PATH'] ?? '', THEIRS: 'caller' };
  expect((await run('echo "$OURS,$THEIRS"', { environment })).stdout).toBe(',caller\n');
});

test('a command that takes too long is ended with all that it started, and unheard', async () => {
  const file = path.join(makeTemp(), 'pids');
  const waits = `( echo $BASHPID >>'${file}'; exec sleep 600 )`;
  await expect(run(`${waits} & ${waits}`, { timeoutSeconds: 2 })).rejects.toMatchObject({
    problem: { code: 'cluster-unreachable' }
  });
  const pids = readFileSync(file, 'utf8').trim().split('\n');
  expect(pids).toHaveLength(2);
  await expect
    .poll(() => pids.filter(pid => existsSync(`/proc/${pid}/exe`)), { timeout: 10_000 })
    .toEqual([]);
});

test('a machine without bash, or with a bash that fails, is an answer or unreachable', async () => {
  const folder = path.join(makeTemp(), 'bin');
  mkdirSync(folder);
  const { exitCode, stderr } = await run('echo never', { environment: { PATH: folder } });
  expect(exitCode).toBe(127);
  expect(stderr).toContain('bash');
  writeFileSync(path.join(folder, 'bash'), '#!/bin/sh\nexit 5\n', { mode: 0o755 });
  const long = `echo never\n${'#\n'.repeat(200_000)}`;
  expect((await run(long, { environment: { PATH: folder } })).exitCode).toBe(5);
  await expect(
    run('echo never', { environment: { PATH: 'x'.repeat(5_000_000) } })
  ).rejects.toMatchObject({ problem: { code: 'cluster-unreachable' } });
});

test('no process of a command is left when it has answered', async () => {
  await run('sleep 0.01');
  const { stdout } = spawnSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], {
    encoding: 'utf8'
  });
  expect(stdout).not.toContain('bash');
});
