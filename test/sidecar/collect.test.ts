import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test, vi } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import { collectResult } from '../../src/sidecar/collect';
import { FakeClock } from './fakeClock';
import { TrickyRemote } from './trickyRemote';
import { type Workbench, addJob, makeWorkbench } from './workbench';

let remote: TrickyRemote;
let clock: FakeClock;
let bench: Workbench;
let record: JobRecord;
/** A job that is over, with a notebook and a file to bring home. */
beforeEach(async () => {
  remote = new TrickyRemote();
  clock = new FakeClock();
  bench = makeWorkbench({ remote, clock });
  record = await addJob(bench);
  bench.context.jobs.update(record.id, { state: 'succeeded', submittedAt: 5, endedAt: 6 });
  mkdirSync(path.join(record.directory, 'work/project'), { recursive: true });
  mkdirSync(path.join(record.directory, 'run.lock'));
  await sleep(20);
  writeFileSync(path.join(record.directory, 'result.ipynb'), 'executed');
  writeFileSync(path.join(record.directory, 'work/project/table.csv'), '1,2');
});

/** Collects, letting the clock run. */
async function collect(...more: [] | [{ place: string | null; files: string[] | 'all' | null }]) {
  let isOver = false;
  const done = collectResult(bench.context, record.id, ...more).finally(() => {
    isOver = true;
  });
  await clock.advanceUntil(() => isOver);
  await done;
  return result();
}

function result(): JobRecord['result'] {
  return bench.context.jobs.get(record.id).result;
}

const HOME = (): JobRecord['result'] => ({
  place: 'here',
  notebook: path.join(bench.project, 'nb.k3v9x2ab.ipynb'),
  folder: path.join(bench.project, 'nb.k3v9x2ab.files'),
  files: [{ path: 'table.csv', bytes: 3 }],
  left: [],
  problem: null
});

test('notebook and files come home, and nothing else stays behind', async () => {
  expect(await collect()).toEqual(HOME());
  expect(readdirSync(bench.project).toSorted()).toEqual([
    'nb.ipynb',
    'nb.k3v9x2ab.files',
    'nb.k3v9x2ab.ipynb'
  ]);
  expect(readFileSync(result().notebook ?? '', 'utf8')).toBe('executed');
});

test('what is home already is not fetched again', async () => {
  await collect();
  const commands = remote.scripts.length;
  expect(await collect({ place: null, files: 'all' })).toEqual(HOME());
  expect(remote.scripts).toHaveLength(commands + 1);
});

test('what a crash has left half done is done, with the same names', async () => {
  await collect();
  const pending: JobRecord['result'] = {
    ...HOME(),
    place: 'fetching',
    notebook: null,
    folder: null,
    files: []
  };
  bench.context.jobs.update(record.id, { result: pending });
  rmSync(path.join(bench.project, 'nb.k3v9x2ab.ipynb'));
  mkdirSync(path.join(bench.project, '.jupyterlab-submit.k3v9x2ab.part'));
  expect(await collect()).toEqual(HOME());
  expect(readdirSync(bench.project)).toHaveLength(3);
});

test('a job that left nothing has no result, and a notebook alone has no folder', async () => {
  rmSync(path.join(record.directory, 'work/project/table.csv'));
  expect(await collect()).toEqual({ ...HOME(), folder: null, files: [] });
  rmSync(path.join(record.directory, 'result.ipynb'));
  const none: JobRecord['result'] = {
    ...HOME(),
    place: 'pending',
    notebook: null,
    folder: null,
    files: []
  };
  bench.context.jobs.update(record.id, { result: none });
  expect(await collect()).toEqual({ ...none, place: 'none' });
});

test('a connection that is down for a while only takes time', async () => {
  remote.isDown = true;
  const told: JobRecord['result'][] = [];
  bench.context.jobs.listen(event => {
    if (event.type === 'job') {
      told.push(event.job.result);
    }
    remote.isDown = told.length < 2;
  });
  expect(await collect()).toEqual(HOME());
  expect(told[1]).toMatchObject({
    place: 'fetching',
    problem: { code: 'cluster-unreachable' }
  });
});

test('a connection that stays down keeps the result, until somebody asks', async () => {
  remote.isDown = true;
  expect(await collect()).toMatchObject({
    place: 'kept',
    notebook: null,
    problem: { code: 'cluster-unreachable' }
  });
  expect(clock.sleeps).toEqual([5, 10, 20, 40, 80]);
  const { length } = remote.scripts;
  // Who waits for an answer gets one.
  expect(await collect({ place: null, files: null })).toMatchObject({ place: 'kept' });
  expect(remote.scripts).toHaveLength(length + 1);
  remote.isDown = false;
  expect(await collect({ place: null, files: null })).toEqual(HOME());
});

test('a file that goes away while it is fetched does not keep the others back for good', async () => {
  const passing = path.join(record.directory, 'work/project/passing.tmp');
  writeFileSync(passing, 'x');
  const run = remote.run.bind(remote);
  vi.spyOn(remote, 'run').mockImplementation(command => {
    if (command.script.includes('tar -cf')) {
      rmSync(passing, { force: true });
    }
    return run(command);
  });
  expect(await collect()).toEqual(HOME());
});

test('a sidecar that is about to leave lets the next one go on', async () => {
  remote.isDown = true;
  const done = collectResult(bench.context, record.id);
  await vi.waitFor(() => expect(remote.scripts).toHaveLength(1));
  bench.stop();
  await done;
  expect(result().place).toBe('fetching');
});

test('files come by themselves up to a gigabyte together', async () => {
  writeFileSync(path.join(record.directory, 'work/project/huge'), '');
  const run = remote.run.bind(remote);
  vi.spyOn(remote, 'run').mockImplementation(async command => {
    // As if it were so large.
    const script = command.script.replace("-printf '%s", "-printf '99999999%s");
    return run({
      ...command,
      script: command.script.includes('-printf') ? script : command.script
    });
  });
  const { files, left } = await collect();
  expect(files).toEqual([{ path: 'huge', bytes: 999_999_990 }]);
  expect(left).toEqual([{ path: 'table.csv', bytes: 999_999_993 }]);
});
