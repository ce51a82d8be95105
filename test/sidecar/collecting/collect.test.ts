import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { formatEvent } from '../../../src/api/events';
import type { JobRecord } from '../../../src/api/job';
import { problem } from '../../../src/api/problem';
import { collectResult } from '../../../src/sidecar/collecting/collect';
import { NO_RESULT } from '../../../src/sidecar/records/noResult';
import { removeJob } from '../../../src/sidecar/removal/remove';
import { FakeClock } from '../fakeClock';
import { type NamedResult, namedResult } from '../namedResult';
import { TrickyRemote } from '../trickyRemote';
import { type Workbench, addJob, makeWorkbench } from '../workbench';

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

function result(): NamedResult {
  return namedResult(bench.context.jobs, record.id);
}

/** What `collect` gives when all has come. */
const HOME = (): NamedResult => ({
  place: 'here',
  notebook: path.join(bench.project, 'nb.k3v9x2ab.ipynb'),
  notebookBytes: 'executed'.length,
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

describe('a result that is asked to go elsewhere', () => {
  const target = (): string => path.join(bench.home, 'far/results');
  beforeEach(() => {
    bench.context.jobs.update(record.id, { resultsFolder: target() });
  });
  const there = (): NamedResult => ({
    ...HOME(),
    notebook: path.join(target(), 'nb.k3v9x2ab.ipynb'),
    folder: path.join(target(), 'nb.k3v9x2ab.files')
  });

  test('goes there, the folder is made, and nothing comes beside the source', async () => {
    expect(await collect()).toEqual(there());
    expect(readdirSync(bench.project)).toEqual(['nb.ipynb']);
    expect(readdirSync(target()).toSorted()).toEqual(['nb.k3v9x2ab.files', 'nb.k3v9x2ab.ipynb']);
    rmSync(target(), { recursive: true });
    expect(await collect({ place: null, files: 'all' })).toEqual(there());
  });

  test('leaves alone what has its names there', async () => {
    mkdirSync(target(), { recursive: true });
    writeFileSync(path.join(target(), 'nb.k3v9x2ab.ipynb'), 'theirs');
    const { notebook } = await collect();
    expect(notebook).toBe(path.join(target(), 'nb.k3v9x2ab-2.ipynb'));
    expect(readFileSync(path.join(target(), 'nb.k3v9x2ab.ipynb'), 'utf8')).toBe('theirs');
  });

  test('is kept where a file is in the way, and goes where it is then asked to', async () => {
    writeFileSync(path.join(bench.home, 'far'), 'theirs');
    expect(await collect()).toMatchObject({
      place: 'kept',
      problem: { code: 'place-invalid', values: { folder: target() } }
    });
    const place = path.join(bench.home, 'other');
    mkdirSync(place);
    wrote('later.txt');
    expect(await collect({ place, files: ['table.csv'] })).toMatchObject({ place: 'here' });
    // What comes later lies beside what is there.
    const { folder, notebook } = await collect({ place: null, files: 'all' });
    expect([notebook, folder]).toEqual([
      path.join(place, 'nb.k3v9x2ab.ipynb'),
      path.join(place, 'nb.k3v9x2ab.files')
    ]);
    expect(readdirSync(path.join(place, 'nb.k3v9x2ab.files'))).toEqual(['later.txt', 'table.csv']);
  });

  test('does not come to a folder of the source that somebody has taken away', async () => {
    bench.context.jobs.update(record.id, { resultsFolder: path.join(bench.project, 'results') });
    rmSync(bench.project, { recursive: true });
    expect(await collect()).toMatchObject({
      place: 'kept',
      problem: { code: 'source-folder-missing' }
    });
  });

  test('goes on where a crash has left it', async () => {
    await collect();
    const pending = { ...NO_RESULT, place: 'fetching' as const };
    bench.context.jobs.update(record.id, { result: pending }, { forget: true });
    mkdirSync(path.join(target(), `.jupyterlab-submit.k3v9x2ab.${bench.context.jobs.mark}.part`));
    expect(await collect()).toEqual(there());
    expect(readdirSync(target())).toHaveLength(2);
  });
});

test.each([
  ['what was submitted', [], []],
  ['other code', [{ cell_type: 'code', source: 'evil()' }], [{ code: 'other-code' }]],
  ['no notebook', null, [{ code: 'code-not-compared' }]]
])('a result with %s comes home, and says where its code is another', async (_, cells, notes) => {
  const executed = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
  writeFileSync(path.join(record.directory, 'result.ipynb'), executed);
  expect(await collect()).toMatchObject({ place: 'here', problem: null });
  expect(bench.context.jobs.get(record.id).notes).toEqual(notes);
});

test('a record of before, which does not know what was submitted, compares nothing', async () => {
  bench.context.jobs.update(record.id, { codeDigest: null });
  await collect();
  expect(bench.context.jobs.get(record.id).notes).toEqual([]);
});

test('what is home already is not fetched again', async () => {
  await collect();
  const commands = remote.scripts.length;
  expect(await collect({ place: null, files: 'all' })).toEqual(HOME());
  expect(remote.scripts).toHaveLength(commands + 1);
});

test('what a crash has left half done is done, with the same names', async () => {
  await collect();
  const pending = { ...NO_RESULT, place: 'fetching' as const };
  bench.context.jobs.update(record.id, { result: pending }, { forget: true });
  rmSync(path.join(bench.project, 'nb.k3v9x2ab.ipynb'));
  mkdirSync(
    path.join(bench.project, `.jupyterlab-submit.k3v9x2ab.${bench.context.jobs.mark}.part`)
  );
  expect(await collect()).toEqual(HOME());
  expect(readdirSync(bench.project)).toHaveLength(3);
});

test('a crash after the last file has come leaves no folder behind', async () => {
  await collect();
  const staging = `.jupyterlab-submit.k3v9x2ab.${bench.context.jobs.mark}.part`;
  mkdirSync(path.join(bench.project, staging, 'files'), { recursive: true });
  expect(await collect()).toEqual(HOME());
  expect(readdirSync(bench.project)).toHaveLength(3);
});

test('a job that left nothing has no result, and a notebook alone has no folder', async () => {
  rmSync(path.join(record.directory, 'work/project/table.csv'));
  expect(await collect()).toEqual({ ...HOME(), folder: null, files: [] });
  rmSync(path.join(record.directory, 'result.ipynb'));
  bench.context.jobs.update(record.id, { result: NO_RESULT }, { forget: true });
  expect(await collect()).toEqual({ ...NO_RESULT, place: 'none', files: [], left: [] });
});

test('what is told of a job does not grow with the files that it wrote', async () => {
  const names = Array.from({ length: 500 }, (_, number) => `f${number}`);
  names.forEach(name => wrote(name));
  const told: string[] = [];
  bench.context.jobs.listen(event => told.push(formatEvent(event)));
  const { files, left } = await collect();
  expect(files).toHaveLength(names.length + 1);
  expect(left).toEqual([]);
  expect(told.length).toBeGreaterThan(3);
  expect(Math.max(...told.map(({ length }) => length))).toBeLessThan(2500);
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
  expect(clock.sleeps).toEqual([5, 10, 20, 40, 80, 160, 300]);
  const { length } = remote.scripts;
  // Who waits for an answer gets one.
  expect(await collect({ place: null, files: null })).toMatchObject({ place: 'kept' });
  expect(remote.scripts).toHaveLength(length + 1);
  remote.isDown = false;
  expect(await collect({ place: null, files: null })).toEqual(HOME());
});

test('a file that goes away while it is fetched does not keep the others back', async () => {
  const passing = path.join(record.directory, 'work/project/passing.tmp');
  writeFileSync(passing, 'x');
  const run = remote.run.bind(remote);
  vi.spyOn(remote, 'run').mockImplementation(command => {
    if (command.script.includes('tar -cf')) {
      rmSync(passing, { force: true });
    }
    return run(command);
  });
  expect(await collect()).toEqual({
    ...HOME(),
    left: [{ path: 'passing.tmp', bytes: 1, reason: 'gone' }]
  });
  expect(clock.sleeps).toEqual([]);
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
    const script = command.script.replaceAll("-printf 'f\\0%s", "-printf 'f\\000099999999%s");
    return run({
      ...command,
      script: command.script.includes('-printf') ? script : command.script
    });
  });
  const { files, left } = await collect();
  // It is fetched, and turns out to be another.
  expect(files).toEqual([]);
  expect(left).toEqual([
    { path: 'huge', bytes: 999_999_990, reason: 'changed' },
    { path: 'table.csv', bytes: 999_999_993 }
  ]);
});

test('a disk that does not answer for a while only takes time', async () => {
  // From wherever in it: how it comes about is in silentDisk.test.ts.
  vi.spyOn(remote, 'run').mockRejectedValueOnce(
    problem('disk-silent', { path: bench.project, seconds: 20 })
  );
  expect(await collect()).toEqual(HOME());
  expect(clock.sleeps).toHaveLength(1);
});

/** Writes into the work of the job. */
function wrote(name: string, text = 'x'): string {
  const file = path.join(record.directory, 'work/project', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function reasons(): Record<string, string | undefined> {
  return Object.fromEntries(result().left.map(file => [file.path, file.reason]));
}

test('the notebook comes first, before its files, and while nothing is known of these', async () => {
  const run = remote.run.bind(remote);
  let atFiles: NamedResult | null = null;
  vi.spyOn(remote, 'run').mockImplementation(async command => {
    if (command.script.includes('tar -cf') && result().notebook !== null) {
      atFiles ??= result();
      throw new Error('the files never come');
    }
    return run(command);
  });
  const partly = {
    notebook: HOME().notebook,
    left: [{ path: 'table.csv', reason: 'not-fetched' }]
  };
  expect(await collect()).toMatchObject({
    place: 'here',
    problem: { code: 'internal' },
    ...partly
  });
  expect(atFiles).toMatchObject({ place: 'fetching', ...partly });
  vi.restoreAllMocks();
  expect(await collect({ place: null, files: null })).toEqual(HOME());
});

test('files that cannot be read are left with their reason; all others and the notebook come', async () => {
  chmodSync(wrote('key'), 0);
  wrote('locked/inside');
  chmodSync(path.join(record.directory, 'work/project/locked'), 0);
  wrote('deep/readable');
  remote.obeysModes();
  expect(await collect()).toMatchObject({
    place: 'here',
    problem: null,
    notebook: HOME().notebook,
    files: [{ path: 'deep/readable' }, { path: 'table.csv' }]
  });
  expect(reasons()).toEqual({ key: 'unreadable', 'locked/': 'unreadable' });
  expect(clock.sleeps).toEqual([]);
  // Asked for once more, it is tried once more.
  expect(await collect({ place: null, files: ['key'] })).toMatchObject({ problem: null });
  expect(reasons()).toEqual({ key: 'unreadable', 'locked/': 'unreadable' });
  chmodSync(path.join(record.directory, 'work/project/key'), 0o600);
  await collect({ place: null, files: 'all' });
  expect(result().files).toContainEqual({ path: 'key', bytes: 1 });
  expect(reasons()).toEqual({ 'locked/': 'unreadable' });
});

test('a login that waits for a person is asked for once, and its result by whoever asks then', async () => {
  remote.before = () => {
    throw problem('login-refused', { host: 'hpc', user: 'ada' });
  };
  expect(await collect()).toMatchObject({
    place: 'kept',
    notebook: null,
    problem: { code: 'login-refused' }
  });
  expect(clock.sleeps).toEqual([]);
  expect(remote.scripts).toHaveLength(1);
  expect(await collect({ place: null, files: null })).toEqual(HOME());
});

test('a notebook that cannot be read is said, at once, and the files come', async () => {
  chmodSync(path.join(record.directory, 'result.ipynb'), 0);
  remote.obeysModes();
  expect(await collect()).toMatchObject({
    place: 'kept',
    notebook: null,
    problem: { code: 'result-unreadable' },
    files: [{ path: 'table.csv', bytes: 3 }],
    left: []
  });
  expect(clock.sleeps).toEqual([]);
});

test('links and empty folders come as they are', async () => {
  wrote('ckpt/step2.pt', '22');
  symlinkSync('step2.pt', path.join(record.directory, 'work/project/ckpt/last.pt'));
  symlinkSync(
    path.join(record.directory, 'work/project/ckpt'),
    path.join(record.directory, 'work/project/run')
  );
  mkdirSync(path.join(record.directory, 'work/project/empty/er'), { recursive: true });
  await collect();
  expect(reasons()).toEqual({});
  const folder = HOME().folder ?? '';
  expect(readlinkSync(path.join(folder, 'ckpt/last.pt'))).toBe('step2.pt');
  expect(readlinkSync(path.join(folder, 'run'))).toBe('ckpt');
  expect(readFileSync(path.join(folder, 'run/last.pt'), 'utf8')).toBe('22');
  expect(readdirSync(path.join(folder, 'empty'))).toEqual(['er']);
  const commands = remote.scripts.length;
  await collect({ place: null, files: 'all' });
  expect(remote.scripts).toHaveLength(commands + 1);
  await removeJob(bench.context, record.id, false);
});

test('a link to a file that was left comes with it', async () => {
  truncateSync(wrote('large.ckpt'), 1_000_000_001);
  symlinkSync('large.ckpt', path.join(record.directory, 'work/project/last.ckpt'));
  await collect();
  expect(reasons()).toEqual({ 'large.ckpt': undefined, 'last.ckpt': 'link-target' });
  wrote('large.ckpt', 'smaller');
  await collect({ place: null, files: ['large.ckpt'] });
  expect(reasons()).toEqual({});
  expect(readlinkSync(path.join(HOME().folder ?? '', 'last.ckpt'))).toBe('large.ckpt');
});

test.each(['none', 'here'] as const)(
  'a job whose result is said to be %s is not removed while its folder has one that did not come',
  async place => {
    const nothing = { ...NO_RESULT, place };
    bench.context.jobs.update(record.id, {
      state: 'failed',
      submittedAt: null,
      result: nothing,
      cause: { code: 'refused', reason: null, text: 'sbatch: error' }
    });
    const refusal = { problem: { code: 'result-not-fetched' } };
    await expect(removeJob(bench.context, record.id, false)).rejects.toMatchObject(refusal);
    expect(await collect({ place: null, files: null })).toEqual(HOME());
    await removeJob(bench.context, record.id, false);
    expect(bench.context.jobs.find(record.id)).toBeUndefined();
  }
);

test('what was written after it was fetched is fetched once more, beside the first', async () => {
  await collect();
  writeFileSync(path.join(record.directory, 'result.ipynb'), 'executed further');
  wrote('table.csv', '1,2,3');
  await expect(removeJob(bench.context, record.id, false)).rejects.toMatchObject({
    problem: { code: 'result-not-fetched' }
  });
  await collect({ place: null, files: 'all' });
  expect(result()).toMatchObject({
    notebook: path.join(bench.project, 'nb.k3v9x2ab-2.ipynb'),
    files: [
      { path: 'table.csv', bytes: 3 },
      { path: 'table-2.csv', from: 'table.csv', bytes: 5 }
    ]
  });
  await removeJob(bench.context, record.id, false);
});
