import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { local } from '../../../src/sidecar/remote/local';
import { makeTemp } from '../../makeTemp';

function run(script: string, more: Partial<Parameters<typeof local.run>[0]> = {}) {
  return local.run({ script, timeoutSeconds: 20, ...more });
}

test('an answer has both outputs and the exit code', async () => {
  expect(await run('echo out; echo err >&2; exit 7')).toEqual({
    stdout: 'out\n',
    stderr: 'err\n',
    exitCode: 7,
    signal: null
  });
});

test('a command that was ended by a signal says which', async () => {
  expect(await run('kill -KILL $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
});

test("commands run in the sidecar's environment, or in the caller's alone", async () => {
  vi.stubEnv('OURS', 'sidecar');
  expect((await run('echo "$OURS"')).stdout).toBe('sidecar\n');
  const environment = { PATH: process.env['PATH'] ?? '', THEIRS: 'caller' };
  expect((await run('echo "$OURS,$THEIRS"', { environment })).stdout).toBe(',caller\n');
});

test('bytes behind the script reach what reads them, unchanged', async () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
  const chunks: Buffer[] = [];
  const output = new Writable({
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk);
      done();
    }
  });
  await run('cat <&3', { input: Readable.from([bytes]), output });
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
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

test('a command that ends before it has read everything is an answer', async () => {
  const endless = new Readable({
    read() {
      this.push(Buffer.alloc(100_000));
    }
  });
  expect(await run('exit 3\n', { input: endless })).toMatchObject({ exitCode: 3 });
  expect(endless.destroyed).toBe(true);
  expect(await run(`exit 4\n${'# more than a pipe holds\n'.repeat(10_000)}`)).toMatchObject({
    exitCode: 4
  });
});

test('an input that fails ends the command, and is what went wrong', async () => {
  const input = Readable.from(
    (async function* () {
      yield Buffer.from('some');
      throw new Error('the file is gone');
    })()
  );
  await expect(run('cat <&3; sleep 60', { input })).rejects.toThrow('the file is gone');
});

test('an output that fails ends the command', async () => {
  const output = new Writable({ write: (_chunk, _, done) => done(new Error('disk full')) });
  // It would go on for ever.
  await expect(run('yes', { output })).rejects.toThrow('disk full');
});

test('an answer that is longer than any answer is refused, not cut', async () => {
  await expect(run('head -c 21000000 /dev/zero')).rejects.toMatchObject({
    problem: { code: 'answer-unreadable' }
  });
  const output = new PassThrough().resume();
  expect(await run('head -c 21000000 /dev/zero', { output })).toMatchObject({ exitCode: 0 });
});

test('errors without end are cut, and do no harm', async () => {
  const { stderr, exitCode } = await run('head -c 5000000 /dev/zero | tr "\\0" e >&2');
  expect(exitCode).toBe(0);
  expect(stderr).toBe('e'.repeat(100_000));
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
