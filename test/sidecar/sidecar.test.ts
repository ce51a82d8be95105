import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Client } from '../../src/api/client';
import { socketTransport } from '../../src/cli/transport';
import { sidecarBundle } from '../jobs/bundle';
import { NOTEBOOK, type Workbench, makeWorkbench } from './workbench';

let bench: Workbench;
let data: string;
let socket: string;
let client: Client;
const started: ChildProcess[] = [];
beforeEach(() => {
  bench = makeWorkbench();
  data = path.join(bench.home, 'new/data');
  socket = path.join(bench.home, 's.sock');
  const start = (): Promise<string> => Promise.resolve(socket);
  const pauses = Array.from({ length: 50 }, () => 100);
  client = new Client(socketTransport({ socket, start, pauses }), { python: '/no/such/python' });
});
afterEach(() => {
  started.splice(0).forEach(child => child.kill('SIGKILL'));
});

async function start(
  ...options: string[]
): Promise<{ child: ChildProcess; ended: Promise<unknown[]> }> {
  const argv = ['--socket', socket, '--data', data, '--runner', bench.context.runner, ...options];
  const child = spawn(process.execPath, [await sidecarBundle(), ...argv], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, HOME: bench.home }
  });
  started.push(child);
  return { child, ended: once(child, 'exit') };
}

test('it answers as soon as it listens, and keeps its folder for itself', async () => {
  const { child } = await start();
  expect(await client.ping()).toMatchObject({ name: 'jupyterlab-submit', pid: child.pid });
  expect(statSync(data).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(data, 'jobs.sqlite')).mode & 0o777).toBe(0o600);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it in good order, with a stream open',
  async signal => {
    const { child, ended } = await start();
    const events = client.events();
    await events.next();
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect((await events.next()).done).toBe(true);
    expect(existsSync(socket)).toBe(false);
    await vi.waitFor(() =>
      expect(readFileSync(path.join(data, 'sidecar.log'), 'utf8')).toContain('leaving')
    );
  }
);

test('it leaves when it is asked to, and the next one has its jobs', async () => {
  const first = await start();
  const form = { notebook: path.join(bench.project, 'nb.ipynb'), cores: 1, time: '10m' };
  await client.submit('k3v9x2ab', form);
  const quit = await socketTransport({ socket, start: () => Promise.resolve(socket) })({
    method: 'POST',
    path: '/api/quit',
    body: '{"replacedBy": "9.9.9"}'
  });
  expect(quit.status).toBe(200);
  expect(await first.ended).toEqual([0, null]);
  await start();
  expect(await client.jobs()).toMatchObject([{ id: 'k3v9x2ab' }]);
  await vi.waitFor(
    async () =>
      expect(await client.refresh('k3v9x2ab')).toMatchObject({
        state: 'failed',
        cause: { code: 'environment', module: 'python', python: '/no/such/python' }
      }),
    10_000
  );
  expect(readFileSync(path.join(bench.project, 'nb.ipynb'), 'utf8')).toBe(NOTEBOOK);
});

test('a socket that a dead one has left is taken over', async () => {
  const first = await start();
  await client.ping();
  first.child.kill('SIGKILL');
  await first.ended;
  expect(existsSync(socket)).toBe(true);
  const next = await start();
  expect((await client.ping()).pid).toBe(next.child.pid);
});

test('without a place to listen or to keep records it says how it is used', async () => {
  const { ended } = await start('--socket', '');
  expect(await ended).toEqual([2, null]);
});

test('a cluster that takes its time keeps nobody waiting who submits, lists or cancels', async () => {
  vi.stubEnv('JUPYTERLAB_SUBMIT_REMOTE_DELAY_MS', '2000');
  await start();
  await client.ping();
  const begun = Date.now();
  const form = { notebook: path.join(bench.project, 'nb.ipynb'), cores: 1, time: '10m' };
  await client.clusters();
  await client.check(form);
  await client.submit('k3v9x2ab', form);
  expect(await client.jobs()).toMatchObject([{ state: 'preparing', cancelRequestedAt: null }]);
  expect((await client.cancel('k3v9x2ab')).cancelRequestedAt).not.toBeNull();
  expect(Date.now() - begun).toBeLessThan(1900);
  await vi.waitFor(
    async () => expect((await client.job('k3v9x2ab')).endedAt).not.toBeNull(),
    15_000
  );
});
