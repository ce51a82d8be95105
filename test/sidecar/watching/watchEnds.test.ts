import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { ONE_SHELL } from '../../../src/sidecar/remote/oneShell/driver';
import { Watcher } from '../../../src/sidecar/watching/watch';
import { FakeClock } from '../fakeClock';
import { TrickyRemote } from '../trickyRemote';
import { type Workbench, addJob, makeWorkbench } from '../workbench';

let remote: TrickyRemote;
let clock: FakeClock;
let bench: Workbench;
let watcher: Watcher;
let bin: string;
beforeEach(async () => {
  remote = new TrickyRemote();
  // Nothing waits there, by another clock than ours.
  remote.prelude = `${ONE_SHELL}=1\n`;
  clock = new FakeClock();
  bench = makeWorkbench({ remote, clock });
  bin = path.join(bench.home, 'bin');
  mkdirSync(bin);
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  // Slurm without accounting, whose controller remembers nothing.
  fake('squeue', 'exit 0');
  fake('scontrol', 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1');
  fake('sacct', 'echo "Slurm accounting storage is disabled" >&2; exit 1');
  const record = await addJob(bench);
  mkdirSync(record.directory, { recursive: true });
  const cluster = { ...record.cluster, scheduler: 'slurm' } as const;
  watcher = new Watcher(bench.context, cluster, { attention: () => 'list', over: () => undefined });
  bench.context.jobs.update(record.id, {
    cluster,
    state: 'queued',
    schedulerId: '4711',
    submittedAt: clock.now()
  });
});

/** Puts a program of this name before the real one; it counts how often it is run. */
function fake(name: string, script: string): void {
  const file = path.join(bin, name);
  writeFileSync(file, `#!/bin/bash\necho >>${file}.runs\n${script}\n`);
  chmodSync(file, 0o755);
}

function queueHas(state: string, nodes = 'n1'): void {
  fake('squeue', `echo "4711|${state}|N/A|1790000000|${nodes}|k3v9x2ab-nb|None"`);
}

function runsOf(name: string): number {
  const file = path.join(bin, `${name}.runs`);
  return existsSync(file) ? readFileSync(file, 'utf8').length : 0;
}

function job(): JobRecord {
  return bench.context.jobs.get('k3v9x2ab');
}

function write(name: string, content: unknown): void {
  writeFileSync(path.join(job().directory, name), JSON.stringify(content));
}

const STARTED = { schedulerId: '4711', host: 'n1', startedAt: 1_790_000_000 };
const KILLED = {
  state: 'failed',
  cause: { code: 'killed', signal: 9 },
  endedAt: 1_790_000_050
};

/** Lets the clock run until the job is over; how long that took, in seconds. */
async function untilOver(): Promise<number> {
  const began = clock.now();
  watcher.hurry({ askQueue: true });
  await clock.advanceUntil(() => job().endedAt !== null);
  return clock.now() - began;
}

test('a job that was cancelled while it waited is over with the look after the one that shows it', async () => {
  queueHas('CANCELLED', '');
  expect(await untilOver()).toBeLessThan(3);
  expect(job()).toMatchObject({ state: 'cancelled', cause: { code: 'cancelled', by: 'cluster' } });
  expect(remote.scripts).toHaveLength(2);
  expect(runsOf('sacct')).toBe(1);
});

test('a symptom is explained within seconds, in the same commands', async () => {
  write('started.json', STARTED);
  write('exit.json', KILLED);
  queueHas('COMPLETING');
  fake('sacct', 'echo "4711|OUT_OF_MEMORY|0:125|n1|1790000051"');
  expect(await untilOver()).toBeLessThan(3);
  expect(job()).toMatchObject({ state: 'failed', cause: { code: 'out-of-memory' } });
  expect(remote.scripts).toHaveLength(2);
});

test('a symptom that nobody explains is told after half a minute and a few questions', async () => {
  write('started.json', STARTED);
  write('exit.json', KILLED);
  expect(await untilOver()).toBeLessThan(40);
  expect(job()).toMatchObject({ state: 'failed', cause: KILLED.cause });
  expect(runsOf('sacct')).toBeLessThanOrEqual(5);
  expect(runsOf('squeue')).toBeLessThanOrEqual(remote.scripts.length);
});

test('a job that the queue has forgotten is known by the accounting, if there is any', async () => {
  write('started.json', STARTED);
  fake('sacct', 'echo "4711|NODE_FAIL|0:0|n1|1790000051"');
  const seconds = await untilOver();
  expect(job()).toMatchObject({ state: 'failed', cause: { code: 'node-failure' } });
  // A minute until its absence is believed, three for its files.
  expect(seconds).toBeGreaterThan(239);
  expect(seconds).toBeLessThan(320);
});

test('a job that nobody knows any more is lost, after a few questions', async () => {
  write('started.json', STARTED);
  expect(await untilOver()).toBeLessThan(320);
  expect(job()).toMatchObject({ state: 'lost', cause: { code: 'no-word' } });
  expect(runsOf('sacct')).toBeLessThanOrEqual(7);
  fake('sacct', 'echo "4711|PREEMPTED|0:0|n1|1790000051"');
  await watcher.lookNow([job()]);
  expect(job()).toMatchObject({ state: 'failed', cause: { code: 'preempted' } });
});

test('while squeue fails, nothing is known, and nothing is asked for', async () => {
  write('started.json', STARTED);
  fake('squeue', 'echo "slurm_load_jobs error: Unable to contact slurm controller" >&2');
  watcher.hurry({ askQueue: true });
  const until = clock.now() + 900;
  await clock.advanceUntil(() => clock.now() > until);
  expect(job()).toMatchObject({ state: 'starting', endedAt: null });
  expect(runsOf('squeue')).toBeGreaterThan(5);
  expect(runsOf('sacct')).toBe(0);
  bench.stop();
});
