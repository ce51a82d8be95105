import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { isTerminal, type JobRecord } from '../../src/api/job';
import type { Client } from '../../src/api/client';
import { PYTHON } from './bundle';
import { Bench } from './harness';
import { notebook, outputsOf } from './notebook';
import { expectNoProcesses } from './processes';
import { clientAt, ensureSidecar, installedPackage, personalEnvironment } from './sharedSidecar';
import { makeTemp } from '../makeTemp';
import { sourceFolder } from './sourceFolder';

let bench: Bench;
let installed: string;
beforeAll(async () => {
  bench = await Bench.start();
  installed = await installedPackage();
});
afterAll(() => bench.stop());

test.each(['running', 'finished'])(
  'a job whose sidecar is killed, and started when the job is %s, comes home',
  async when => {
    const source = sourceFolder({
      'survives.ipynb': notebook('import ipyparallel, time', 'time.sleep(4)\nprint("survived")')
    });
    const { id } = await bench.submit({ notebook: source.notebook, cores: 2 });
    const { directory } = await bench.until(id, ({ progress }) => progress?.cell?.index === 2);
    await bench.kill();
    if (when === 'finished') {
      await waitForFile(path.join(directory, 'exit.json'));
    }
    await bench.startSidecar();
    const job = await bench.end(id);
    expect(job).toMatchObject({ state: 'succeeded', result: { place: 'here' } });
    expect(outputsOf(job.result.notebook ?? '')[1]).toBe('survived\n');
    source.expectUntouched([id]);
  },
  60_000
);

test('the same id, submitted twice at once and once more, is one job', async () => {
  const runs = path.join(bench.home, 'runs');
  const source = sourceFolder({
    'once.ipynb': notebook(`open(${JSON.stringify(runs)}, "a").write("ran\\n")`)
  });
  const id = 'tw1ceone';
  const form = { notebook: source.notebook };
  const [one, other] = await Promise.all([bench.submit(form, id), bench.submit(form, id)]);
  expect(other.createdAt).toBe(one.createdAt);
  await bench.end(id);
  expect((await bench.submit(form, id)).state).toBe('succeeded');
  expect(readFileSync(runs, 'utf8')).toBe('ran\n');
  source.expectUntouched([id]);
}, 60_000);

test('two starts at once share one sidecar; killed, it leaves nothing in the way of the next', async () => {
  const { environment, home } = person();
  const sockets = await Promise.all([ensureSidecar(environment), ensureSidecar(environment)]);
  expect(new Set(sockets).size).toBe(1);
  const client = clientAt(sockets[0] ?? '', environment);
  const { pid } = await client.ping();
  onTestFinished(() => end(client));
  const source = sourceFolder({
    'shared.ipynb': notebook('import time', 'time.sleep(2)\nprint("survived")')
  });
  const { id } = await submit(client, source.notebook);
  await until(client, id, ({ state }) => state === 'running');
  process.kill(pid, 'SIGKILL');
  // The job holds nothing of the sidecar's: neither its lock nor its socket.
  expect(await ensureSidecar(environment)).toBe(sockets[0]);
  expect((await client.ping()).pid).not.toBe(pid);
  const job = await until(client, id, isHome);
  expect(job).toMatchObject({ state: 'succeeded', directory: `${home}/.jupyterlab-submit/${id}` });
  source.expectUntouched([id]);
}, 60_000);

// SQLite opens no file whose path has more than 512 bytes: os_unix.c, MAX_PATHNAME.
test('a job runs in a home folder with a path that no socket can have', async () => {
  const { environment } = person(Array.from({ length: 2 }, () => 'long '.repeat(35)).join('/'));
  const client = clientAt(await ensureSidecar(environment), environment);
  onTestFinished(() => end(client));
  const source = sourceFolder({
    'long-home.ipynb': notebook('import ipyparallel as ipp\nprint(ipp.Client()[:].apply_sync(int))')
  });
  const { id } = await submit(client, source.notebook);
  const job = await until(client, id, isHome);
  expect(job).toMatchObject({ state: 'succeeded', cause: null });
  expect(job.directory.length).toBeGreaterThan(350);
  expect(outputsOf(job.result.notebook ?? '')).toEqual(['[0]\n']);
  await expectNoProcesses(id);
  source.expectUntouched([id]);
}, 60_000);

test('a job outlives the terminal that it was submitted from', async () => {
  const { environment } = person();
  const terminal = spawn(PYTHON, ['-c', TERMINAL, PYTHON], { env: environment, cwd: '/' });
  const lines: string[] = [];
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  while (!lines.join('').includes('\n')) {
    await sleep(50);
  }
  const client = clientAt(lines.join('').trim().split(/\s/)[0] ?? '', environment);
  onTestFinished(() => end(client));
  const source = sourceFolder({
    'outlives.ipynb': notebook('import ipyparallel, time', 'time.sleep(2)\nprint("survived")')
  });
  const { id } = await submit(client, source.notebook);
  await until(client, id, ({ progress }) => progress?.cell?.index === 2);
  terminal.kill('SIGKILL');
  await once(terminal, 'exit');
  const job = await until(client, id, isHome);
  expect(job).toMatchObject({ state: 'succeeded', cause: null });
  expect(outputsOf(job.result.notebook ?? '')[1]).toBe('survived\n');
  source.expectUntouched([id]);
}, 60_000);

/** A terminal with a shell that starts the sidecar; whoever kills this program closes it. */
const TERMINAL = `
import pty, sys
pty.spawn(["bash", "-c", '"$0" -m jupyterlab_submit.sidecar; sleep 600', sys.argv[1]])
`;

function person(folder = 'home'): { home: string; environment: Record<string, string> } {
  const home = path.join(makeTemp(), folder);
  mkdirSync(home, { recursive: true });
  return { home, environment: personalEnvironment(installed, home) };
}

function submit(client: Client, file: string): Promise<JobRecord> {
  const id = `s${Math.random().toString(36).slice(2).padEnd(7, '0').slice(0, 7)}`;
  return client.submit(id, { cluster: 'local', cores: 1, time: '10m', notebook: file });
}

async function until(
  client: Client,
  id: string,
  is: (job: JobRecord) => boolean
): Promise<JobRecord> {
  for (;;) {
    const job = await client.refresh(id);
    if (is(job)) {
      return job;
    }
    await sleep(200);
  }
}

function isHome({ state, result }: JobRecord): boolean {
  return isTerminal(state) && result.place === 'here';
}

async function end(client: Client): Promise<void> {
  const { pid } = await client.ping();
  process.kill(pid, 'SIGKILL');
}

async function waitForFile(file: string): Promise<void> {
  for (let found = false; !found; await sleep(100)) {
    try {
      readFileSync(file);
      found = true;
    } catch {
      found = false;
    }
  }
}
