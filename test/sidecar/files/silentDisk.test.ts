import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { Client } from '../../../src/api/client';
import { socketTransport } from '../../../src/cli/transport';
import { THREADS } from '../../../src/sidecar/process/threads';
import { sidecarBundle } from '../../jobs/bundle';
import { holdLeases } from '../leases';
import { NOTEBOOK, type Workbench, makeWorkbench } from '../workbench';

let bench: Workbench;
let client: Client;
beforeEach(() => {
  bench = makeWorkbench();
});

async function start(): Promise<{ kill: () => void; ended: Promise<unknown[]>; pid: number }> {
  const socket = path.join(bench.home, 's.sock');
  const argv = ['--socket', socket, '--data', path.join(bench.home, 'data')];
  const child = spawn(
    process.execPath,
    [await sidecarBundle(), ...argv, '--runner', bench.context.runner],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, HOME: bench.home } }
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const pauses = Array.from({ length: 50 }, () => 100);
  client = new Client(socketTransport({ socket, start: () => Promise.resolve(socket), pauses }), {
    python: '/usr/bin/python3'
  });
  await client.ping();
  return {
    kill: () => void child.kill('SIGTERM'),
    ended: once(child, 'exit'),
    pid: child.pid ?? 0
  };
}

/** Notebooks in folders of their own. */
function notebooks(count: number, make: (file: string) => void): string[] {
  return Array.from({ length: count }, (_, index) => {
    const folder = path.join(bench.home, `folder${index}`);
    mkdirSync(folder);
    const file = path.join(folder, 'nb.ipynb');
    make(file);
    return file;
  });
}

function form(notebook: string): { notebook: string; cores: number; time: string } {
  return { notebook, cores: 1, time: '10m' };
}

async function comesHome(id: string): Promise<void> {
  await client.submit(id, form(path.join(bench.project, 'nb.ipynb')));
  await expect
    .poll(async () => (await client.refresh(id)).result.place, { timeout: 15_000 })
    .toBe('here');
}

test('twenty pipes are refused at once, and nothing waits for them', async () => {
  await start();
  const pipes = notebooks(20, file => execFileSync('mkfifo', [file]));
  const answers = await Promise.allSettled(pipes.map(file => client.check(form(file))));
  expect(answers).toMatchObject(
    pipes.map(notebook => ({
      reason: { problem: { code: 'notebook-no-file', values: { notebook, kind: 'pipe' } } }
    }))
  );
  await comesHome('k3v9x2ab');
});

test('twenty notebooks on disks that do not answer keep nobody else waiting, and a TERM ends the service', async () => {
  const { ended, kill, pid } = await start();
  expect(readdirSync(`/proc/${pid}/task`).length).toBeGreaterThan(THREADS);
  const silent = notebooks(20, file => writeFileSync(file, NOTEBOOK));
  await holdLeases(silent);
  let answered = 0;
  const answers = Promise.allSettled(
    silent.map(file =>
      client.check(form(file)).finally(() => {
        answered += 1;
      })
    )
  );
  await comesHome('k3v9x2ab');
  expect(answered).toBe(0);
  expect(await answers).toMatchObject(
    silent.map(file => ({
      reason: { problem: { code: 'disk-silent', values: { path: file, seconds: 20 } } }
    }))
  );
  await comesHome('m3v9x2ab');
  kill();
  expect(await ended).toEqual([null, 'SIGKILL']);
}, 60_000);
