import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import { submitJob } from '../../src/sidecar/submit';
import { FakeClock } from './fakeClock';
import { TrickyRemote } from './trickyRemote';
import { type Workbench, addJob, makeWorkbench } from './workbench';

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
