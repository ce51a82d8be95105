import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { Jobs } from '../../../src/sidecar/records/jobs';
import { Life } from '../../../src/sidecar/lifecycle/life';
import { Viewers } from '../../../src/sidecar/watching/viewers';
import { TrickyRemote } from '../trickyRemote';
import { RUNNER, type Workbench, addJob, makeWorkbench } from '../workbench';

/** Runs until it may go on, and leaves a copy of the file beside the notebook as it got it. */
const WAITS = `import os, shutil, time
while not os.path.exists("go-on"):
    time.sleep(0.02)
shutil.copy("work/project/data.txt", "got.txt")
${RUNNER}`;

let remote: TrickyRemote;
let bench: Workbench;
let life: Life;
beforeEach(() => {
  remote = new TrickyRemote();
  bench = makeWorkbench({ remote, runner: WAITS });
  life = new Life(bench.context, new Viewers(), 2);
});
afterEach(async () => {
  for (const { directory } of bench.context.jobs.list()) {
    if (existsSync(directory)) {
      writeFileSync(path.join(directory, 'go-on'), '');
    }
  }
  bench.stop();
  await life.rest();
});

function job(id: string): JobRecord {
  return bench.context.jobs.get(id);
}

/** Submits a job of so many cores whose file has its id in it. */
async function submit(id: string, cores = 1): Promise<void> {
  writeFileSync(path.join(bench.project, 'data.txt'), id);
  await addJob(bench, id, { cores, files: ['data.txt'] });
  life.goOn(job(id));
}

async function begins(id: string): Promise<void> {
  await vi.waitFor(
    () => expect(existsSync(path.join(job(id).directory, 'run.lock'))).toBe(true),
    10_000
  );
}

/** Lets a job that runs come to its end. */
function end(id: string): void {
  writeFileSync(path.join(job(id).directory, 'go-on'), '');
}

function places(...ids: string[]): (number | undefined)[] {
  return ids.map(id => job(id).queue?.place);
}

test('jobs begin while there are cores for them; the others wait, and have their place told', async () => {
  for (const id of ['first000', 'second00', 'third000', 'fourth00']) {
    await submit(id);
  }
  await Promise.all([begins('first000'), begins('second00')]);
  expect(places('third000', 'fourth00')).toEqual([1, 2]);
  expect(job('third000')).toMatchObject({
    state: 'queued',
    submittedAt: null,
    startedAt: null,
    queue: { wait: 'turn', place: 1 }
  });
  expect(existsSync(job('third000').directory)).toBe(false);
  // Nobody looks at the list, so that the watcher looks rarely, and later than this test waits.
  end('second00');
  await begins('third000');
  expect(places('third000', 'fourth00')).toEqual([undefined, 1]);
});

test('a job that waits is sent with its files as they were when it was submitted', async () => {
  await submit('first000', 2);
  await submit('second00');
  const kept = `${job('second00').directory}.tar`;
  await vi.waitFor(() => expect(existsSync(kept)).toBe(true));
  writeFileSync(path.join(bench.project, 'data.txt'), 'changed meanwhile');
  await begins('first000');
  end('first000');
  await begins('second00');
  end('second00');
  const got = path.join(job('second00').directory, 'got.txt');
  await vi.waitFor(() => expect(readFileSync(got, 'utf8')).toBe('second00'), 10_000);
  await vi.waitFor(() => expect(existsSync(kept)).toBe(false));
});

test('a job whose kept files are removed ends with the reason, and runs with no others', async () => {
  await submit('first000', 2);
  await submit('second00');
  await vi.waitFor(() => expect(job('second00').isKept).toBe(true));
  const kept = `${job('second00').directory}.tar`;
  rmSync(kept);
  await begins('first000');
  end('first000');
  await vi.waitFor(() => expect(job('second00').state).toBe('failed'), 10_000);
  expect(job('second00').cause).toMatchObject({ code: 'not-sent' });
  expect(job('second00').cause).toMatchObject({ text: expect.stringContaining(`${kept} until`) });
});

test('a job whose files cannot be kept ends with the reason, and runs with no others', async () => {
  await submit('first000', 2);
  await begins('first000');
  await addJob(bench, 'second00', { files: ['data.txt'] });
  rmSync(path.join(bench.project, 'data.txt'));
  life.goOn(job('second00'));
  await vi.waitFor(() =>
    expect(job('second00')).toMatchObject({ state: 'failed', cause: { code: 'not-sent' } })
  );
  expect(readdirSync(path.dirname(job('second00').directory))).toEqual(['first000']);
});

test('a job that is cancelled while it waits ends at once, and nothing of it begins', async () => {
  await submit('first000', 2);
  await submit('second00');
  await submit('third000');
  await begins('first000');
  const commands = remote.scripts.filter(script => script.includes('second00')).length;
  life.cancel('second00');
  await vi.waitFor(() =>
    expect(job('second00')).toMatchObject({ state: 'cancelled', cause: { by: 'you' } })
  );
  await vi.waitFor(() => expect(existsSync(`${job('second00').directory}.tar`)).toBe(false));
  expect(remote.scripts.filter(script => script.includes('second00'))).toHaveLength(commands);
  expect(places('third000')).toEqual([1]);
});

test('another sidecar has the same queue, and counts what the first has begun', async () => {
  for (const id of ['first000', 'second00', 'third000', 'fourth00']) {
    await submit(id);
  }
  await Promise.all([begins('first000'), begins('second00')]);
  bench.stop();
  await life.rest();
  const stopping = new AbortController();
  const { context } = bench;
  bench.context = {
    ...context,
    jobs: new Jobs(bench.store, context.log),
    stopping: stopping.signal
  };
  bench.stop = () => stopping.abort();
  end('first000');
  life = new Life(bench.context, new Viewers(), 2);
  life.resume();
  expect(places('third000', 'fourth00')).toEqual([1, 2]);
  await begins('third000');
  expect(places('fourth00')).toEqual([1]);
  expect(job('second00').endedAt).toBeNull();
});
