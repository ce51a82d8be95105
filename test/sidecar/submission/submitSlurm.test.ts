import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { submitJob } from '../../../src/sidecar/submission/submit';
import { FakeClock } from '../fakeClock';
import { TrickyRemote } from '../trickyRemote';
import { type Workbench, addJob, makeWorkbench } from '../workbench';

let clock: FakeClock;
let bench: Workbench;
let bin: string;
let id: string;
beforeEach(async () => {
  clock = new FakeClock();
  bench = makeWorkbench({ remote: new TrickyRemote(), clock });
  const record = await addJob(bench);
  bench.context.jobs.update(record.id, { cluster: { ...record.cluster, scheduler: 'slurm' } });
  ({ id } = record);
  bin = path.join(bench.home, 'bin');
  mkdirSync(bin);
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  // A queue that is a file.
  fake('squeue', `cat ${bin}/queue 2>/dev/null || true`);
});

/** Puts a program of this name before the real one; it counts how often it is run. */
function fake(name: string, script: string): void {
  const file = path.join(bin, name);
  writeFileSync(file, `#!/bin/bash\necho >>${file}.runs\n${script}\n`);
  chmodSync(file, 0o755);
}

function runsOf(name: string): number {
  const file = path.join(bin, `${name}.runs`);
  return existsSync(file) ? readFileSync(file, 'utf8').length : 0;
}

async function submit(): Promise<JobRecord> {
  let isOver = false;
  const done = submitJob(bench.context, id).finally(() => {
    isOver = true;
  });
  await clock.advanceUntil(() => isOver);
  await done;
  return bench.context.jobs.get(id);
}

const TIMED_OUT =
  'echo "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation" >&2';
const directory = (): string => bench.context.jobs.get(id).directory;
const taken = (): string => `echo "4711|PENDING|N/A|N/A||${id}-nb|Priority" >>${bin}/queue`;

test.each([
  ['a socket that times out', `${TIMED_OUT}; exit 1`],
  ['a kill', 'kill -KILL $$']
])('a job that was taken before %s is found in the queue, and submitted once', async (_, end) => {
  fake('sbatch', `${taken()}; ${end}`);
  expect(await submit()).toMatchObject({ state: 'queued', schedulerId: '4711' });
  expect(runsOf('sbatch')).toBe(1);
});

test('a job that appears in the queue late is found, too', async () => {
  fake('sbatch', `${TIMED_OUT}; exit 1`);
  fake(
    'squeue',
    `if [ $(wc -l <${bin}/squeue.runs) -gt 5 ]; then ${taken()}; cat ${bin}/queue; fi`
  );
  expect(await submit()).toMatchObject({ state: 'queued', schedulerId: '4711' });
  expect(runsOf('sbatch')).toBe(1);
});

test('a job that was not taken when the socket timed out is never submitted twice', async () => {
  fake('sbatch', `${TIMED_OUT}; exit 1`);
  const began = clock.now();
  expect(await submit()).toMatchObject({ state: 'lost', cause: { code: 'submission-unclear' } });
  expect(clock.now() - began).toBeGreaterThan(600);
  expect(runsOf('sbatch')).toBe(1);
});

test('a scheduler that could not be reached has taken nothing, and says so at once', async () => {
  const said = 'Unable to contact slurm controller (connect failure)';
  fake('sbatch', `echo "sbatch: error: Batch job submission failed: ${said}" >&2; exit 1`);
  expect(await submit()).toMatchObject({
    state: 'failed',
    cause: { code: 'refused', reason: 'unreachable', text: expect.stringContaining(said) }
  });
  expect(runsOf('sbatch')).toBe(1);
  expect(runsOf('squeue')).toBe(0);
});

test('a site without sbatch says so', async () => {
  fake('sbatch', 'echo "submit: line 4: exec: sbatch: not found" >&2; exit 127');
  expect(await submit()).toMatchObject({ cause: { code: 'refused', reason: 'no-command' } });
});

test.each([
  ['fails in words that nobody knows', 'echo 4711; echo "error: accounting hook failed"; exit 1'],
  [
    'fails as if it had been refused',
    'echo 4711; TAKEN; echo "sbatch: error: Invalid qos specification" >&2; exit 1'
  ],
  ['leaves out --parsable', 'echo "Submitted batch job 4711"; exit 3'],
  ['is killed', 'echo 4711; kill -KILL $$'],
  ['prints around the id', 'echo "Welcome, 2 of 3 TB are used"; echo 4711; echo "12 jobs so far"']
])('a job whose submission prints its id and then %s is a submitted job', async (_, script) => {
  fake('sbatch', script.replace('TAKEN', taken()));
  expect(await submit()).toMatchObject({ state: 'queued', schedulerId: '4711' });
  expect(runsOf('sbatch')).toBe(1);
});

test('a submission that fails without a word is no refusal when the queue has the job', async () => {
  fake('sbatch', `${taken()}; exit 7`);
  expect(await submit()).toMatchObject({ state: 'queued', schedulerId: '4711' });
});

test('a submission that fails in its own words, and left nothing in the queue, is a refusal', async () => {
  fake('sbatch', 'echo "project p42 has no hours left" >&2; exit 7');
  expect(await submit()).toMatchObject({
    state: 'failed',
    cause: { code: 'refused', reason: null, text: 'project p42 has no hours left' }
  });
  expect(runsOf('squeue')).toBe(1);
});

test.each([
  ['that is refused', 'sbatch: error: Batch job submission failed: Invalid qos specification'],
  ['that fails', 'error: accounting hook failed']
])(
  'a submission %s and has printed an id is a job, though the queue does not show it',
  async (_, said) => {
    fake('sbatch', `echo 4711; echo "${said}" >&2; exit 1`);
    expect(await submit()).toMatchObject({ state: 'queued', schedulerId: '4711' });
    expect(runsOf('sbatch')).toBe(1);
  }
);

test('a number within a refusal is no job', async () => {
  const said = 'sbatch: error: Batch job submission failed: Invalid qos specification';
  fake('sbatch', `echo "2 of 3 jobs"; echo "${said}" >&2; exit 1`);
  expect(await submit()).toMatchObject({ cause: { code: 'refused', reason: 'qos' } });
});

/** A submission that returns when the job is over, as with `sbatch --wait`. */
async function withWaiting(does: string, work: () => Promise<unknown>): Promise<JobRecord> {
  const pidFile = path.join(bin, 'pid');
  fake('sbatch', `cd ${directory()}; ${does}; echo $$ >${pidFile}; exec sleep 300`);
  const end = (signal: 0 | 'SIGKILL'): boolean =>
    process.kill(Number(readFileSync(pidFile, 'utf8')), signal);
  try {
    await work();
    // It goes on by itself.
    expect(() => end(0)).not.toThrow();
    return bench.context.jobs.get(id);
  } finally {
    end('SIGKILL');
  }
}

test.each([
  ['that has printed an id', 'echo 4711'],
  ['whose job runs', 'mkdir run.lock; echo 4711 >run.lock/id']
])('a submission that waits for the end of the job, %s, is a submitted job', async (_, does) => {
  const record = await withWaiting(does, submit);
  expect(record).toMatchObject({ state: 'queued', schedulerId: '4711' });
});

test('a cancel does not wait for a submission that waits: the queue has its job', async () => {
  const record = await withWaiting(taken(), async () => {
    const done = submit();
    await vi.waitFor(() => expect(existsSync(path.join(bin, 'pid'))).toBe(true), 10_000);
    bench.context.jobs.update(id, { cancelRequestedAt: clock.now() });
    await done;
  });
  expect(record).toMatchObject({ state: 'queued', schedulerId: '4711' });
});
