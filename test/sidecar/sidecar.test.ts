import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { Client } from '../../src/api/client';
import { socketTransport } from '../../src/cli/transport';
import { sidecarBundle } from '../jobs/bundle';
import { fill, smallDisk } from '../jobs/volumes';
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
  const pauses = Array.from({ length: 200 }, () => 100);
  client = new Client(socketTransport({ socket, start, pauses }), {
    python: '/no/such/python',
    settings: { clusters: [{ name: 'hpc', scheduler: 'slurm' }] }
  });
});
afterEach(() => {
  started.splice(0).forEach(child => child.kill('SIGKILL'));
});

async function start(
  ...options: string[]
): Promise<{ child: ChildProcess; ended: Promise<unknown[]> }> {
  const argv = ['--socket', socket, '--data', data, '--runner', bench.context.runner, ...options];
  const child = spawn(process.execPath, [await sidecarBundle(), ...argv], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
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

test.each<[string, () => void]>([
  ['is removed', () => rmSync(socket)],
  ['is another one by now', () => replaceFile(socket)],
  ['goes with its folder', () => rmSync(path.dirname(socket), { recursive: true })],
  ['has a name in another folder by now', () => renameSync(path.dirname(socket), `${data}.moved`)]
])('a service whose socket %s leaves, and takes nothing of the next one along', async (_, lose) => {
  mkdirSync(path.join(bench.home, 'run'));
  socket = path.join(bench.home, 'run/s.sock');
  const { ended } = await start();
  await client.ping();
  lose();
  expect(await ended).toEqual([0, null]);
  if (existsSync(socket)) {
    expect(readFileSync(socket, 'utf8')).toBe('of somebody else');
  }
  expect(readFileSync(path.join(data, 'sidecar.log'), 'utf8')).toContain(socket);
  rmSync(socket, { force: true });
  mkdirSync(path.dirname(socket), { recursive: true });
  const next = await start();
  expect((await client.ping()).pid).toBe(next.child.pid);
  expect((await client.list()).notices).toEqual([]);
});

test('a job whose service has lost its socket goes on with the next one', async () => {
  const first = await start();
  const form = { notebook: path.join(bench.project, 'nb.ipynb'), cores: 1, time: '10m' };
  await client.submit('k3v9x2ab', form);
  rmSync(socket);
  expect(await first.ended).toEqual([0, null]);
  await start();
  await vi.waitFor(
    async () => expect(await client.refresh('k3v9x2ab')).toMatchObject({ state: 'failed' }),
    10_000
  );
});

test.each<[string, () => void]>([
  ['are removed', () => rmSync(path.join(data, 'jobs.sqlite'))],
  ['are replaced', () => replaceFile(path.join(data, 'jobs.sqlite'))],
  ['go with their folder', () => rmSync(data, { recursive: true })]
])(
  'a service whose records %s leaves, and the next one says it until it was seen',
  async (_, lose) => {
    const { ended } = await start();
    await client.ping();
    lose();
    expect(await ended).toEqual([0, null]);
    await start();
    const file = path.join(data, 'jobs.sqlite');
    const { notices } = await client.list();
    expect(notices[0]).toMatchObject({ code: 'records-gone', values: { file } });
    expect((await client.events().next()).value).toMatchObject({ notices });
    await client.noticesTold();
    expect((await client.list()).notices).toEqual([]);
  }
);

test('a service whose lock is removed leaves: another one could have the data by now', async () => {
  mkdirSync(data, { recursive: true });
  writeFileSync(path.join(data, 'sidecar.lock'), '');
  const { ended } = await start();
  await client.ping();
  rmSync(path.join(data, 'sidecar.lock'));
  expect(await ended).toEqual([0, null]);
});

test('records that cannot be read are put aside, and that is said until it was seen', async () => {
  mkdirSync(data, { recursive: true });
  writeFileSync(path.join(data, 'jobs.sqlite'), 'dear diary');
  const first = await start();
  const { jobs, notices } = await client.list();
  expect(jobs).toEqual([]);
  expect(readFileSync(String(notices[0]?.values['aside']), 'utf8')).toBe('dear diary');
  first.child.kill('SIGKILL');
  await first.ended;
  await start();
  expect((await client.list()).notices).toEqual(notices);
  await client.noticesTold();
  expect(existsSync(path.join(data, 'notices.json'))).toBe(false);
});

test('a full disk is told to whoever starts it, where no log can have it', async () => {
  const disk = smallDisk();
  if (disk === null) {
    throw new Error('This test needs to mount a disk: run it as root, or with a small /dev/shm.');
  }
  onTestFinished(disk.undo);
  data = path.join(disk.folder, 'data');
  mkdirSync(data);
  fill(disk.folder);
  writeFileSync(path.join(disk.folder, '.more'), Buffer.alloc(8192));
  const { child, ended } = await start('--words', '3');
  let words = '';
  child.stdio[3]?.on('data', (text: Buffer) => (words += text.toString()));
  expect(await ended).toEqual([1, null]);
  expect(words).toMatch(`The disk with the job records, ${data}, is full. Make room there`);
});

test.each(['sidecar.log', 'jobs.sqlite'])('%s is not written through a link', async name => {
  mkdirSync(data, { recursive: true });
  const victim = path.join(bench.home, 'victim');
  writeFileSync(victim, 'theirs');
  symlinkSync(victim, path.join(data, name));
  const { ended } = await start();
  expect(await ended).toEqual([1, null]);
  expect(readFileSync(victim, 'utf8')).toBe('theirs');
});

function replaceFile(file: string): void {
  writeFileSync(`${file}.new`, 'of somebody else');
  renameSync(`${file}.new`, file);
}

test('without a place to listen or to keep records it says how it is used', async () => {
  const { ended } = await start('--socket', '');
  expect(await ended).toEqual([2, null]);
});

test('a cluster that takes its time keeps nobody waiting who submits, lists or cancels', async () => {
  vi.stubEnv('JUPYTERLAB_SUBMIT_REMOTE_DELAY_MS', '5000');
  await start();
  await client.ping();
  const notebook = path.join(bench.project, 'nb.ipynb');
  const form = { notebook, cluster: 'hpc', cores: 1, time: '10m' };
  await client.clusters();
  await client.check(form);
  await client.submit('k3v9x2ab', form);
  expect(await client.jobs()).toMatchObject([{ state: 'preparing', cancelRequestedAt: null }]);
  // All this before the cluster has said anything.
  expect(await client.cancel('k3v9x2ab')).toMatchObject({
    state: 'preparing',
    cancelRequestedAt: expect.any(Number),
    endedAt: null,
    contact: { seenAt: null }
  });
  await vi.waitFor(
    async () => expect((await client.job('k3v9x2ab')).endedAt).not.toBeNull(),
    40_000
  );
}, 60_000);
