import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import { Bench } from './harness';
import { notebook, outputsOf } from './notebook';
import { sourceFolder } from './sourceFolder';

const LONG = 'import time\nprint("begun", flush=True)\ntime.sleep(600)';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
});
afterAll(() => bench.stop());

test('a cell that raises ends the job, with its traceback in the result', async () => {
  const source = sourceFolder({
    'raises.ipynb': notebook('print("before")', '1 / 0', 'print("never")')
  });
  const job = await bench.submitAndEnd({ notebook: source.notebook });
  expect(job).toMatchObject({
    state: 'failed',
    cause: {
      code: 'cell-error',
      cell: 2,
      ename: 'ZeroDivisionError',
      evalue: 'division by zero'
    },
    result: { place: 'here', problem: null }
  });
  const [before, error, never] = outputsOf(job.result.notebook ?? '');
  expect(before).toBe('before\n');
  expect(error).toContain('ZeroDivisionError');
  expect(never).toBe('');
  source.expectUntouched([job.id]);
}, 60_000);

test('a kernel that kills itself ends the job', async () => {
  const source = sourceFolder({
    'dies.ipynb': notebook('print("last words")', 'import os\nos.kill(os.getpid(), 9)')
  });
  const job = await bench.submitAndEnd({ notebook: source.notebook });
  expect(job).toMatchObject({
    state: 'failed',
    cause: { code: 'kernel-died', cell: 2, signal: 9 },
    result: { place: 'here' }
  });
  expect(outputsOf(job.result.notebook ?? '')[0]).toBe('last words\n');
  source.expectUntouched([job.id]);
}, 60_000);

test('a job that is cancelled while it runs comes home with what it had', async () => {
  const source = sourceFolder({ 'long.ipynb': notebook('import ipyparallel', LONG) });
  const { id } = await bench.submit({ notebook: source.notebook, cores: 2 });
  await bench.until(id, ({ progress }) => progress?.cell?.index === 2);
  await bench.client.cancel(id);
  const job = await bench.end(id);
  expect(job).toMatchObject({
    state: 'cancelled',
    cause: { code: 'cancelled', by: 'you' },
    result: { place: 'here' }
  });
  expect(outputsOf(job.result.notebook ?? '')[1]).toContain('begun\n');
  await expect(bench.client.cancel(id)).rejects.toMatchObject({ problem: { code: 'job-over' } });
  source.expectUntouched([id]);
}, 60_000);

test('a job all of whose processes are killed at once has failed, and leaves none behind', async () => {
  const source = sourceFolder({ 'group.ipynb': notebook('import ipyparallel', LONG) });
  const running = await begun(source.notebook, 2);
  process.kill(-Number(running.schedulerId), 'SIGKILL');
  const job = await bench.end(running.id);
  expect(job).toMatchObject({ state: 'failed', cause: { code: 'killed' } });
  source.expectUntouched([job.id]);
}, 60_000);

test('a job whose script alone is killed has failed, and leaves none behind', async () => {
  const source = sourceFolder({ 'script.ipynb': notebook('import ipyparallel', LONG) });
  const running = await begun(source.notebook, 2);
  const [script] = children(Number(running.schedulerId));
  process.kill(script ?? NaN, 'SIGKILL');
  const job = await bench.end(running.id);
  expect(job).toMatchObject({
    state: 'failed',
    cause: { code: 'killed' },
    result: { place: 'here' }
  });
  expect(outputsOf(job.result.notebook ?? '')[1]).toContain('begun\n');
  source.expectUntouched([job.id]);
}, 60_000);

/** A job in its second cell. */
async function begun(file: string, cores: number): Promise<JobRecord> {
  const { id } = await bench.submit({ notebook: file, cores });
  return bench.until(id, ({ progress }) => progress?.cell?.index === 2);
}

function children(pid: number): number[] {
  const found = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return found.trim().split(/\s+/).map(Number);
}
