import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import type { Attention } from '../../../src/job/pace';
import { ONE_SHELL } from '../../../src/sidecar/remote/oneShell/driver';
import { Watcher } from '../../../src/sidecar/watching/watch';
import { FakeClock } from '../fakeClock';
import { TrickyRemote } from '../trickyRemote';
import { type Workbench, addJob, makeWorkbench } from '../workbench';

let remote: TrickyRemote;
let clock: FakeClock;
let bench: Workbench;
let watcher: Watcher;
let attention: Attention;
let over: string[];
beforeEach(() => {
  remote = new TrickyRemote();
  // Nothing waits there, by another clock than ours.
  remote.prelude = `${ONE_SHELL}=1\n`;
  clock = new FakeClock();
  bench = makeWorkbench({ remote, clock });
  attention = 'list';
  over = [];
  watcher = new Watcher(
    bench.context,
    { host: null, scheduler: 'local', variables: {} },
    {
      attention: () => attention,
      over: id => over.push(id)
    }
  );
});

/** A job that is in the queue, as far as its record says; `ps` does not know it. */
async function submitted(id: string): Promise<JobRecord> {
  const { directory } = await addJob(bench, id);
  mkdirSync(directory, { recursive: true });
  return bench.context.jobs.update(id, {
    state: 'queued',
    schedulerId: '999999999',
    submittedAt: clock.now()
  });
}

function job(id = 'aaaaaaaa'): JobRecord {
  return bench.context.jobs.get(id);
}

function write(name: string, content: unknown, id = 'aaaaaaaa'): void {
  writeFileSync(path.join(job(id).directory, name), JSON.stringify(content));
}

/** Waits until so many commands were run and the loop rests again. */
async function ticks(count: number): Promise<void> {
  const rests = clock.sleeps.length;
  await vi.waitFor(() => {
    expect(remote.scripts).toHaveLength(count);
    expect(clock.sleeps.length).toBeGreaterThan(rests);
  });
}

async function oneMore(): Promise<void> {
  const { length } = remote.scripts;
  const rested = ticks(length + 1);
  clock.advance(1000);
  await rested;
}

const PROGRESS = {
  at: 1,
  phase: 'running',
  engines: { ready: 2, wanted: 2 },
  cell: { index: 1, total: 3, startedAt: 5 }
};
const EXIT = { state: 'succeeded', cause: null, endedAt: 1_790_000_100 };

test('nothing is asked while no job is active', async () => {
  await addJob(bench, 'preparin');
  watcher.hurry();
  await sleep(50);
  expect(remote.scripts).toEqual([]);
  expect(clock.sleeps).toEqual([]);
});

test('one command a tick tells of all jobs, and the last verdict ends the loop', async () => {
  await submitted('aaaaaaaa');
  await submitted('bbbbbbbb');
  write('started.json', { schedulerId: '999999999', host: 'here', startedAt: 1_790_000_001 });
  watcher.hurry({ askQueue: true });
  await ticks(1);
  expect(job()).toMatchObject({ state: 'starting', startedAt: 1_790_000_001 });
  expect(job('bbbbbbbb').state).toBe('queued');
  write('progress.json', PROGRESS);
  write('exit.json', EXIT, 'bbbbbbbb');
  await oneMore();
  expect(job()).toMatchObject({ state: 'running', progress: { cell: { index: 1 } } });
  expect(job('bbbbbbbb')).toMatchObject({ state: 'succeeded', endedAt: EXIT.endedAt });
  expect(over).toEqual(['bbbbbbbb']);
  write('exit.json', EXIT);
  clock.advance(1000);
  await vi.waitFor(() => expect(over).toEqual(['bbbbbbbb', 'aaaaaaaa']));
  await sleep(50);
  clock.advance(1000);
  await sleep(50);
  expect(remote.scripts).toHaveLength(3);
});

test('what has not changed is not sent again, and is not forgotten', async () => {
  await submitted('aaaaaaaa');
  write('progress.json', PROGRESS);
  watcher.hurry();
  await ticks(1);
  const run = remote.run.bind(remote);
  const answers: string[] = [];
  vi.spyOn(remote, 'run').mockImplementation(async command => {
    const answer = await run(command);
    answers.push(answer.stdout);
    return answer;
  });
  const rested = ticks(2);
  clock.advance(3);
  await rested;
  expect(answers[0]).not.toContain('progress.json');
  expect(job()).toMatchObject({ state: 'running', progress: { cell: { index: 1 } } });
});

test('a half-written file is no news, and is read when it is whole', async () => {
  await submitted('aaaaaaaa');
  writeFileSync(path.join(job().directory, 'exit.json'), '{"state": "succ');
  watcher.hurry();
  await ticks(1);
  expect(job().state).toBe('queued');
  write('exit.json', EXIT);
  clock.advance(1000);
  await vi.waitFor(() => expect(job().state).toBe('succeeded'));
});

test('a file that cannot be read is told in the row of its job, which goes on with the others', async () => {
  await submitted('aaaaaaaa');
  await submitted('bbbbbbbb');
  write('started.json', { schedulerId: '7', host: 'here', startedAt: -1e300 });
  write('progress.json', PROGRESS, 'bbbbbbbb');
  watcher.hurry();
  await ticks(1);
  const told = { code: 'state-file-unreadable', values: { file: 'started.json' } };
  expect(job()).toMatchObject({ state: 'queued', contact: { problem: told } });
  expect(job('bbbbbbbb')).toMatchObject({ state: 'running', contact: { problem: null } });
  watcher.hurry();
  await ticks(2);
  expect(job().contact.problem).toMatchObject(told);
  write('started.json', { schedulerId: '7', host: 'here', startedAt: 1 });
  watcher.hurry();
  await ticks(3);
  expect(job()).toMatchObject({ state: 'starting', contact: { problem: null } });
});

test('a cluster that is not heard changes no job, and is asked more and more rarely', async () => {
  await submitted('aaaaaaaa');
  write('progress.json', PROGRESS);
  watcher.hurry();
  await ticks(1);
  const heardAt = clock.now();
  remote.isDown = true;
  for (let count = 0; count < 9; count += 1) {
    await oneMore();
  }
  const pauses = clock.sleeps.slice(1).map(Math.round);
  [5, 10, 20, 40, 80, 160, 300, 300, 300].forEach((seconds, index) => {
    expect(pauses[index]).toBeGreaterThanOrEqual(Math.floor(seconds * 0.9));
    expect(pauses[index]).toBeLessThanOrEqual(Math.ceil(seconds * 1.1));
  });
  expect(job()).toMatchObject({
    state: 'running',
    contact: { seenAt: heardAt, problem: { code: 'cluster-unreachable' } }
  });
  remote.isDown = false;
  await oneMore();
  expect(job().contact).toEqual({ seenAt: clock.now(), problem: null });
  expect(over).toEqual([]);
});

test('a job that is gone without a word has been killed, but not at first sight', async () => {
  await submitted('aaaaaaaa');
  watcher.hurry({ askQueue: true });
  await ticks(1);
  expect(job().state).toBe('queued');
  clock.advance(1000);
  await vi.waitFor(() => expect(job().state).toBe('failed'));
  expect(job().cause).toEqual({ code: 'killed', signal: null });
  expect(over).toEqual(['aaaaaaaa']);
});

test('a clock that is put forward makes no job look gone for long', async () => {
  await submitted('aaaaaaaa');
  watcher.hurry({ askQueue: true });
  await ticks(1);
  clock.put(7200);
  clock.advance(1);
  watcher.hurry({ askQueue: true });
  await ticks(2);
  expect(job().state).toBe('queued');
  clock.put(-7200);
  clock.advance(1000);
  await vi.waitFor(() => expect(job().state).toBe('failed'));
});

test('a queue that fails says nothing about absence', async () => {
  await submitted('aaaaaaaa');
  const bin = path.join(bench.home, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'ps'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  watcher.hurry({ askQueue: true });
  await ticks(1);
  await oneMore();
  await oneMore();
  expect(job().state).toBe('queued');
  rmSync(path.join(bin, 'ps'));
  await oneMore();
  expect(job().state).toBe('queued');
});

/** When, from its first look on, a queue was asked that says nothing, in 60 looks of 4 s. */
async function askedAt(): Promise<number[]> {
  const bin = path.join(bench.home, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'ps'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  attention = 'close';
  const began = clock.now();
  const asked: number[] = [];
  watcher.hurry({ askQueue: true });
  await ticks(1);
  for (let tick = 0; tick < 60; tick += 1) {
    if (remote.scripts.at(-1)?.includes(' queue\\n')) {
      asked.push(clock.now() - began);
    }
    const rested = ticks(remote.scripts.length + 1);
    clock.advance(4);
    await rested;
  }
  return asked;
}

test('a queue that fails is asked more and more rarely; the files are looked at as before', async () => {
  await submitted('aaaaaaaa');
  const asked = await askedAt();
  const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
  expect(pauses.length).toBeGreaterThanOrEqual(4);
  expect(pauses.at(-1)).toBeGreaterThanOrEqual(80);
  expect(job().contact.problem).toBeNull();
});

test('a queue is asked no sooner than the settings of its cluster let it be; the files are looked at as before', async () => {
  const { cluster } = await submitted('aaaaaaaa');
  bench.context.jobs.update('aaaaaaaa', { cluster: { ...cluster, queueSeconds: 90 } });
  expect(await askedAt()).toEqual([0, 92, 184]);
});

test('a verdict that cannot be recorded is read again', async () => {
  await submitted('aaaaaaaa');
  write('exit.json', EXIT);
  vi.spyOn(bench.store, 'save').mockImplementationOnce(() => {
    throw new Error('database or disk is full');
  });
  watcher.hurry({ askQueue: true });
  await ticks(1);
  expect(job()).toMatchObject({
    state: 'queued',
    contact: { problem: { code: 'internal', details: { output: 'database or disk is full' } } }
  });
  clock.advance(1000);
  await vi.waitFor(() => expect(job().state).toBe('succeeded'));
  expect(over).toEqual(['aaaaaaaa']);
});

test('whoever hurries is heard at once, while the loop rests and while it works', async () => {
  const warned = vi.spyOn(bench.context.log, 'warn');
  await submitted('aaaaaaaa');
  watcher.hurry();
  await ticks(1);
  const rested = ticks(2);
  watcher.hurry();
  await rested;
  let release = (): void => undefined;
  remote.before = () =>
    new Promise(resolve => {
      release = resolve;
    });
  watcher.hurry();
  await vi.waitFor(() => expect(remote.scripts).toHaveLength(3));
  watcher.hurry({ askQueue: true });
  watcher.hurry();
  release();
  // One look more, however often it was asked for, and not another loop.
  await ticks(4);
  expect(warned).not.toHaveBeenCalled();
  expect(remote.scripts.at(-1)).toContain('ps xww');
  await sleep(50);
  expect(remote.scripts).toHaveLength(4);
});

describe('a young job that somebody follows', () => {
  const isWaiting = (script = ''): boolean => script.includes('\nlinger ');

  test('is looked at as often as it was, by looks that wait for its end', async () => {
    await submitted('aaaaaaaa');
    watcher.hurry();
    await ticks(1);
    // What comes back at once is no reason to ask more often.
    const rested = ticks(2);
    clock.advance(2.5);
    write('exit.json', { ...EXIT, state: 'maybe' });
    await rested;
    expect(remote.scripts.map(isWaiting)).toEqual([false, true]);
    expect(clock.sleeps[1]).toBeGreaterThanOrEqual(1.8);
    write('exit.json', EXIT);
    clock.advance(2.5);
    await vi.waitFor(() => expect(over).toEqual(['aaaaaaaa']));
  });

  test('keeps nobody who is in a hurry', async () => {
    const warned = vi.spyOn(bench.context.log, 'warn');
    remote.prelude = '';
    await submitted('aaaaaaaa');
    watcher.hurry();
    await ticks(1);
    clock.advance(2.5);
    await vi.waitFor(() => expect(remote.scripts).toHaveLength(2));
    const rested = ticks(3);
    watcher.hurry({ askQueue: true });
    await rested;
    expect(remote.scripts.map(isWaiting)).toEqual([false, true, false]);
    expect(warned).not.toHaveBeenCalled();
  });

  test.each([
    ['none', 30],
    ['list', 61]
  ] as const)('with attention %s after %i s is waited for here', async (kind, age) => {
    attention = kind;
    await submitted('aaaaaaaa');
    watcher.hurry();
    await ticks(1);
    const rested = ticks(2);
    clock.advance(age + 5);
    await rested;
    expect(remote.scripts.map(isWaiting)).toEqual([false, false]);
  });
});

test.each([
  ['none', 30],
  ['list', 5],
  ['close', 3]
] as const)('with attention %s, a job of 50 s is looked at every %i s', async (kind, seconds) => {
  await submitted('aaaaaaaa');
  clock.advance(50);
  attention = kind;
  watcher.hurry();
  await ticks(1);
  expect(clock.sleeps[0]).toBeGreaterThanOrEqual(seconds * 0.9);
  expect(clock.sleeps[0]).toBeLessThanOrEqual(seconds * 1.1);
});

test('a job that is to end is looked at closely, whoever looks', async () => {
  await submitted('aaaaaaaa');
  clock.advance(500);
  attention = 'none';
  bench.context.jobs.update('aaaaaaaa', { cancelRequestedAt: clock.now() });
  watcher.hurry();
  await ticks(2);
  expect(clock.sleeps[0]).toBeLessThanOrEqual(3.3);
});

/** How often the cluster was told to end a job. */
function told(): number {
  return remote.scripts.filter(script => script.includes('kill -TERM')).length;
}

test('the cluster is told once to end a job, and once more when somebody asks again', async () => {
  await submitted('aaaaaaaa');
  await submitted('bbbbbbbb');
  bench.context.jobs.update('aaaaaaaa', { cancelRequestedAt: clock.now() });
  watcher.cancel('aaaaaaaa');
  await ticks(2);
  const rested = ticks(3);
  watcher.hurry();
  await rested;
  expect(told()).toBe(1);
  expect(remote.scripts[0]).toContain('kill -TERM');
  const again = ticks(5);
  watcher.cancel('aaaaaaaa');
  await again;
  expect(told()).toBe(2);
});

test('a cluster that does not hear of a cancel is told again, and the job says why it goes on', async () => {
  await submitted('aaaaaaaa');
  bench.context.jobs.update('aaaaaaaa', { cancelRequestedAt: clock.now() });
  const run = remote.run.bind(remote);
  let refuses = true;
  vi.spyOn(remote, 'run').mockImplementation(async command => {
    const answer = await run(command);
    return refuses && command.script.includes('kill -TERM')
      ? { ...answer, exitCode: 1, stderr: 'scancel: error: slurm is down' }
      : answer;
  });
  watcher.cancel('aaaaaaaa');
  await ticks(2);
  expect(job()).toMatchObject({
    state: 'queued',
    contact: {
      seenAt: clock.now(),
      problem: {
        code: 'command-failed',
        details: { output: expect.stringMatching(/slurm is down/) }
      }
    }
  });
  // Rarely, though: nothing is gained by asking a cluster that refuses every two seconds.
  const rested = ticks(3);
  clock.advance(4);
  await rested;
  expect(told()).toBe(1);
  refuses = false;
  const again = ticks(5);
  clock.advance(4);
  await again;
  expect(told()).toBe(2);
  expect(job().contact.problem).toBeNull();
});

test('a cluster that is away is told of a cancel when it is back', async () => {
  await submitted('aaaaaaaa');
  bench.context.jobs.update('aaaaaaaa', { cancelRequestedAt: clock.now() });
  remote.isDown = true;
  watcher.cancel('aaaaaaaa');
  await ticks(2);
  expect(job().contact.problem?.code).toBe('cluster-unreachable');
  remote.isDown = false;
  const rested = ticks(4);
  clock.advance(1000);
  await rested;
  expect(told()).toBe(2);
  expect(job().contact.problem).toBeNull();
});

test('a look on request rejects when the cluster is not heard', async () => {
  await submitted('aaaaaaaa');
  remote.isDown = true;
  await expect(watcher.lookNow([job()])).rejects.toMatchObject({
    problem: { code: 'cluster-unreachable' }
  });
  remote.isDown = false;
  write('exit.json', EXIT);
  await watcher.lookNow([job()]);
  expect(job().state).toBe('succeeded');
  expect(over).toEqual(['aaaaaaaa']);
});

test('a verdict that turns up for a lost job replaces it, and has its result fetched anew', async () => {
  await submitted('aaaaaaaa');
  bench.context.jobs.update('aaaaaaaa', {
    state: 'lost',
    cause: { code: 'no-word' },
    result: { ...job().result, place: 'here', notebook: '/a/partial.ipynb' }
  });
  await watcher.lookNow([job()]);
  expect(job().state).toBe('lost');
  expect(over).toEqual([]);
  write('exit.json', EXIT);
  await watcher.lookNow([job()]);
  expect(job()).toMatchObject({
    state: 'succeeded',
    cause: null,
    result: { place: 'pending', notebook: null }
  });
  expect(over).toEqual(['aaaaaaaa']);
});

test('the loop ends when the sidecar is about to leave', async () => {
  await submitted('aaaaaaaa');
  watcher.hurry();
  await ticks(1);
  bench.stop();
  await sleep(50);
  clock.advance(1000);
  await sleep(50);
  expect(remote.scripts).toHaveLength(1);
});
