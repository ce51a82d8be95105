import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { Jobs } from '../../../src/sidecar/records/jobs';
import type { Life } from '../../../src/sidecar/lifecycle/life';
import { removeJob } from '../../../src/sidecar/removal/remove';
import { closeLife } from '../closeLife';
import { FakeClock } from '../fakeClock';
import { namedResult } from '../namedResult';
import { TrickyRemote } from '../trickyRemote';
import { NOTEBOOK, RUNNER, type Workbench, addJob, makeWorkbench } from '../workbench';

const WAITS = `import os, time
while not os.path.exists("submit.go-on"):
    time.sleep(0.02)
${RUNNER}`;

let remote: TrickyRemote;
let bench: Workbench;
let life: Life;
beforeEach(() => {
  remote = new TrickyRemote();
  bench = makeWorkbench({ remote });
  life = closeLife(bench.context);
});
afterEach(async () => {
  bench.stop();
  await life.rest();
});

function job(id = 'k3v9x2ab'): JobRecord {
  return bench.context.jobs.get(id);
}

async function home(id = 'k3v9x2ab'): Promise<JobRecord> {
  await vi.waitFor(() => expect(job(id).result.place).not.toMatch(/pending|fetching/), 15_000);
  return job(id);
}

async function begin(runner = RUNNER): Promise<JobRecord> {
  writeFileSync(bench.context.runner, runner);
  life.goOn(await addJob(bench));
  await vi.waitFor(() => expect(job().submittedAt).not.toBeNull(), 5000);
  return job();
}

function goOn(): void {
  writeFileSync(path.join(job().directory, 'submit.go-on'), '');
}

test('a job goes from its submission to its result', async () => {
  await begin();
  expect(await home()).toMatchObject({
    state: 'succeeded',
    result: {
      place: 'here',
      notebook: path.join(bench.project, 'nb.k3v9x2ab.ipynb'),
      folder: path.join(bench.project, 'nb.k3v9x2ab.files'),
      files: { count: 1, bytes: 4 },
      left: { count: 0 },
      problem: null
    }
  });
  expect(readFileSync(path.join(bench.project, 'nb.k3v9x2ab.ipynb'), 'utf8')).toBe(NOTEBOOK);
  expect(readdirSync(bench.project).toSorted()).toEqual([
    'nb.ipynb',
    'nb.k3v9x2ab.files',
    'nb.k3v9x2ab.ipynb'
  ]);
});

test('another sidecar goes on where the records say that the jobs are', async () => {
  await addJob(bench, 'prepared');
  const { id } = await begin(WAITS);
  bench.stop();
  await life.rest();
  goOn();
  const next = new AbortController();
  bench.context = {
    ...bench.context,
    jobs: new Jobs(bench.store, bench.context.log),
    stopping: next.signal
  };
  bench.stop = () => next.abort();
  life = closeLife(bench.context);
  life.resume();
  expect((await home(id)).state).toBe('succeeded');
  writeFileSync(path.join(job('prepared').directory, 'submit.go-on'), '');
  expect((await home('prepared')).state).toBe('succeeded');
});

test('a job that was submitted is not submitted again, and its submission is forgotten', async () => {
  await addJob(bench);
  bench.context.jobs.update('k3v9x2ab', { state: 'queued', schedulerId: '1', submittedAt: 5 });
  life.resume();
  expect(bench.context.jobs.submission('k3v9x2ab')).toBeNull();
  await vi.waitFor(() => expect(remote.scripts.length).toBeGreaterThan(0));
  expect(remote.scripts.join('')).not.toContain('submit.claim');
});

test('how far a job was on disk is not told for how far it is', async () => {
  await addJob(bench);
  const progress = { engines: { ready: 0, wanted: 0 }, cell: { index: 1, total: 9, startedAt: 5 } };
  bench.context.jobs.update('k3v9x2ab', {
    state: 'running',
    schedulerId: '1',
    submittedAt: 5,
    progress
  });
  remote.isDown = true;
  life.resume();
  expect(job()).toMatchObject({ state: 'running', progress: null });
});

test('a cancelled job ends as cancelled by you, once', async () => {
  await begin(WAITS.replace('import os, time', 'import os, time, signal'));
  life.cancel('k3v9x2ab');
  expect(await home()).toMatchObject({
    state: 'cancelled',
    cause: { code: 'cancelled', by: 'you' },
    result: { place: 'none' }
  });
  expect(() => life.cancel('k3v9x2ab')).toThrow('job-over');
});

test('a cancel that did not reach the cluster goes out with the next sidecar', async () => {
  await begin(WAITS);
  remote.isDown = true;
  expect(life.cancel('k3v9x2ab').cancelRequestedAt).not.toBeNull();
  await vi.waitFor(() => expect(job().contact.problem?.code).toBe('cluster-unreachable'));
  bench.stop();
  await life.rest();
  remote.isDown = false;
  const next = new AbortController();
  bench.context = {
    ...bench.context,
    jobs: new Jobs(bench.store, bench.context.log),
    stopping: next.signal
  };
  bench.stop = () => next.abort();
  life = closeLife(bench.context);
  life.resume();
  expect((await home()).state).toBe('cancelled');
});

test('a job that is cancelled before it is sent never runs', async () => {
  writeFileSync(bench.context.runner, WAITS);
  const record = await addJob(bench);
  remote.before = () => {
    life.cancel(record.id);
  };
  life.goOn(record);
  expect(await home()).toMatchObject({
    state: 'cancelled',
    cause: { code: 'cancelled', by: 'you' },
    schedulerId: null
  });
  expect(existsSync(path.join(record.directory, 'run.lock'))).toBe(false);
});

test('a job that is cancelled while it is being submitted is ended as soon as it is there', async () => {
  writeFileSync(bench.context.runner, WAITS);
  const record = await addJob(bench);
  const run = remote.run.bind(remote);
  vi.spyOn(remote, 'run').mockImplementationOnce(async command => {
    const answer = await run(command);
    life.cancel(record.id);
    return answer;
  });
  life.goOn(record);
  expect(await home()).toMatchObject({
    state: 'cancelled',
    schedulerId: expect.stringMatching(/\d/)
  });
});

test('a result that the connection keeps back is fetched when it is there again', async () => {
  await begin(WAITS);
  vi.spyOn(bench.context.clock, 'sleep').mockImplementation(async () => {
    remote.isDown = false;
  });
  const run = remote.run.bind(remote);
  vi.spyOn(remote, 'run').mockImplementation(command => {
    remote.isDown = command.script.includes('find work') && job().result.problem === null;
    return run(command);
  });
  goOn();
  expect(await home()).toMatchObject({ result: { place: 'here', problem: null } });
  vi.restoreAllMocks();
});

test('a folder that is gone keeps the result, until a place is named', async () => {
  await begin(WAITS);
  rmSync(bench.project, { recursive: true });
  goOn();
  expect(await home()).toMatchObject({
    state: 'succeeded',
    result: { place: 'kept', problem: { code: 'source-folder-missing' } }
  });
  await expect(removeJob(bench.context, 'k3v9x2ab', false)).rejects.toMatchObject({
    problem: { code: 'result-not-fetched' }
  });
  const missing = await life.fetch('k3v9x2ab', { place: '/no/such', files: null });
  expect(missing.result).toMatchObject({
    place: 'kept',
    problem: { code: 'source-folder-missing', values: { folder: '/no/such' } }
  });
  const { result } = await life.fetch('k3v9x2ab', { place: bench.home, files: null });
  expect(result).toMatchObject({
    place: 'here',
    notebook: path.join(bench.home, 'nb.k3v9x2ab.ipynb'),
    problem: null
  });
});

test('files that are asked for by name come, others are refused by name', async () => {
  await begin(
    RUNNER.replace('open("wrote', 'open("huge", "w").truncate(1_000_000_001)\nopen("wrote')
  );
  expect((await home()).result).toMatchObject({
    place: 'here',
    files: { count: 1, bytes: 4 },
    left: { count: 1, large: { count: 1, bytes: 1_000_000_001 } }
  });
  await expect(removeJob(bench.context, 'k3v9x2ab', false)).rejects.toMatchObject({
    problem: { code: 'result-not-fetched' }
  });
  const unknown = await life.fetch('k3v9x2ab', { place: null, files: ['other'] });
  expect(unknown.result).toMatchObject({
    place: 'here',
    problem: { code: 'no-such-file', values: { file: 'other' } },
    files: { count: 1 }
  });
  // The job directory still has it, only smaller: a gigabyte takes its time.
  writeFileSync(path.join(job().directory, 'work/project/huge'), 'not so huge');
  const [one, other] = await Promise.all([
    life.fetch('k3v9x2ab', { place: null, files: ['huge'] }),
    life.fetch('k3v9x2ab', { place: null, files: 'all' })
  ]);
  expect(one.result.files).toEqual({ count: 2, bytes: 15, outputs: 0 });
  expect(other.result).toMatchObject({ place: 'here', left: { count: 0 }, problem: null });
  expect(namedResult(bench.context.jobs, 'k3v9x2ab').files).toEqual([
    { path: 'wrote.txt', bytes: 4 },
    { path: 'huge', bytes: 11 }
  ]);
});

test('a job that is over can be removed, with its directory and nothing else', async () => {
  const { directory } = await begin(WAITS);
  await expect(removeJob(bench.context, 'k3v9x2ab', true)).rejects.toMatchObject({
    problem: { code: 'job-active' }
  });
  goOn();
  await home();
  remote.isDown = true;
  await expect(removeJob(bench.context, 'k3v9x2ab', false)).rejects.toMatchObject({
    problem: { code: 'cluster-unreachable' }
  });
  expect(bench.context.jobs.find('k3v9x2ab')).toBeDefined();
  remote.isDown = false;
  await removeJob(bench.context, 'k3v9x2ab', false);
  expect(existsSync(directory)).toBe(false);
  expect(bench.context.jobs.find('k3v9x2ab')).toBeUndefined();
  expect(bench.store.all()).toEqual([]);
  expect(existsSync(path.join(bench.project, 'nb.k3v9x2ab.ipynb'))).toBe(true);
});

test('a result that has yet to be fetched keeps its job from being removed', async () => {
  await addJob(bench);
  const { result } = job();
  for (const place of ['pending', 'fetching'] as const) {
    bench.context.jobs.update('k3v9x2ab', { state: 'failed', result: { ...result, place } });
    await expect(removeJob(bench.context, 'k3v9x2ab', true)).rejects.toMatchObject({
      problem: { code: 'job-active' }
    });
  }
});

test('a lost submission can be checked again', async () => {
  const { directory } = await begin(WAITS);
  bench.context.jobs.update('k3v9x2ab', {
    state: 'lost',
    submittedAt: null,
    schedulerId: null,
    cause: { code: 'submission-unclear' }
  });
  expect((await life.refresh('k3v9x2ab')).state).toBe('lost');
  goOn();
  await vi.waitFor(() => expect(existsSync(path.join(directory, 'exit.json'))).toBe(true));
  expect((await life.refresh('k3v9x2ab')).state).toBe('succeeded');
  expect((await home()).result.place).toBe('here');
});

/** A job that is over, and whose result could not be fetched: its cluster was not to be reached. */
async function kept(clock: FakeClock): Promise<JobRecord> {
  bench = makeWorkbench({ remote, clock });
  life = closeLife(bench.context);
  const record = await addJob(bench);
  mkdirSync(path.join(record.directory, 'run.lock'), { recursive: true });
  writeFileSync(path.join(record.directory, 'result.ipynb'), NOTEBOOK);
  remote.isDown = true;
  life.goOn(
    bench.context.jobs.update(record.id, { state: 'succeeded', submittedAt: 5, endedAt: 6 })
  );
  await clock.advanceUntil(() => job().result.place === 'kept');
  expect(job().result.problem).toMatchObject({ code: 'cluster-unreachable' });
  return job();
}

test('a result whose cluster was away for long comes home by itself', async () => {
  const clock = new FakeClock();
  await kept(clock);
  const { length } = remote.scripts;
  // Still away at the next attempts.
  await clock.advanceUntil(() => remote.scripts.length > length && job().result.place === 'kept');
  remote.isDown = false;
  await clock.advanceUntil(() => job().result.place === 'here');
  expect(job().result.problem).toBeNull();
});

test.each(['somebody looks', 'the next sidecar starts'])(
  'it comes home at once when %s',
  async when => {
    const clock = new FakeClock();
    await kept(clock);
    remote.isDown = false;
    const before = clock.now();
    if (when === 'somebody looks') {
      life.hurry();
      life.hurry();
    } else {
      life = closeLife(bench.context);
      life.resume();
    }
    await vi.waitFor(() => expect(job().result.place).toBe('here'));
    expect(clock.now()).toBe(before);
  }
);
