import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import type { JobForm } from '../../../src/api/jobSpec';
import type { RecoverAnswer } from '../../../src/api/routes';
import type { Life } from '../../../src/sidecar/lifecycle/life';
import { recoverJobs } from '../../../src/sidecar/recovery/recover';
import { removeJob } from '../../../src/sidecar/removal/remove';
import { closeLife } from '../closeLife';
import { RUNNER, type Workbench, addJob, makeWorkbench } from '../workbench';

const ID = 'k3v9x2ab';

let bench: Workbench;
let life: Life;
beforeEach(() => {
  bench = makeWorkbench();
  life = closeLife(bench.context);
});
afterEach(async () => {
  bench.stop();
  await life.rest();
});

function job(id = ID): JobRecord {
  return bench.context.jobs.get(id);
}

async function home(id = ID): Promise<JobRecord> {
  await vi.waitFor(() => expect(job(id).result.place).not.toMatch(/pending|fetching/), 15_000);
  await life.rest();
  return job(id);
}

/** A job that has run; its record as it was. */
async function run(form: Partial<JobForm> = {}): Promise<JobRecord> {
  const environment = ['export TOKEN=abc'];
  life.goOn(await addJob(bench, ID, { environment, name: 'mine', ...form }));
  return home();
}

/** As when the file of the records was lost. */
function forget(): void {
  bench.context.jobs.remove(ID);
}

function recover(all = false): Promise<RecoverAnswer> {
  return recoverJobs(bench.context, life, {
    cluster: 'local',
    all,
    asks: false,
    caller: { python: '/usr/bin/env', environment: {}, kernels: null }
  });
}

function change(file: string, content: (before: string) => string): void {
  const name = path.join(bench.home, '.jupyterlab-submit', ID, file);
  writeFileSync(name, content(readFileSync(name, 'utf8')));
}

function changeRecord(
  made: (record: { machine: string; spec: Record<string, unknown> }) => object
) {
  change('job.json', text => {
    const { record, ...rest } = JSON.parse(text) as {
      record: { machine: string; spec: Record<string, unknown> };
    };
    return JSON.stringify({ ...rest, record: made(record) });
  });
}

const NOTHING: RecoverAnswer = {
  recovered: [],
  known: 0,
  notSubmitted: 0,
  foreign: 0,
  elsewhere: { jobs: 0, machines: [] },
  unreadable: [],
  waited: [],
  isCut: false
};
const FOUND = { ...NOTHING, recovered: [{ id: ID, isBare: false, hasSource: true }] };

test('a job whose record was lost has its state and result again, but nothing that would run', async () => {
  const before = await run();
  forget();
  expect(await recover()).toEqual(FOUND);
  const after = await home();
  expect(after).toEqual({
    ...before,
    // What a cluster says of the source proves nothing.
    codeDigest: null,
    // As the settings have it now.
    cluster: { ...before.cluster, python: '/usr/bin/env' },
    spec: { ...before.spec, environment: [] },
    submittedAt: expect.closeTo(before.submittedAt ?? 0, -1),
    endSeenAt: expect.any(Number),
    contact: { seenAt: expect.any(Number), problem: null },
    isRecovered: true
  });
  // What had come home was not fetched once more.
  expect(readdirSync(bench.project).toSorted()).toEqual([
    'nb.ipynb',
    `nb.${ID}.files`,
    `nb.${ID}.ipynb`
  ]);
  await removeJob(bench.context, ID, false);
  expect(existsSync(before.directory)).toBe(false);
});

test('a result that was asked to go below the folder of its notebook is found there', async () => {
  const before = await run({ resultsFolder: 'results' });
  forget();
  await recover();
  expect(await home()).toMatchObject({
    result: before.result,
    resultsFolder: path.join(bench.project, 'results')
  });
  expect(readdirSync(bench.project).toSorted()).toEqual(['nb.ipynb', 'results']);
});

test('a result that had not come home comes', async () => {
  const { result } = await run();
  forget();
  rmSync(result.notebook ?? '');
  rmSync(result.folder ?? '', { recursive: true });
  await recover();
  expect((await home()).result).toEqual(result);
  expect(readFileSync(path.join(result.folder ?? '', 'wrote.txt'), 'utf8')).toBe('text');
});

test('what was kept of a job that waited for its turn is named: only who submitted it knows more', async () => {
  await run();
  const base = path.join(bench.home, '.jupyterlab-submit');
  writeFileSync(path.join(base, 'waited00.tar'), '');
  writeFileSync(path.join(base, `${ID}.tar`), 'of a job that is here');
  symlinkSync('waited00.tar', path.join(base, 'waited01.tar'));
  forget();
  expect(await recover()).toEqual({ ...FOUND, waited: [path.join(base, 'waited00.tar')] });
});

test('a job that still runs is gone on with, and can be cancelled', async () => {
  writeFileSync(
    bench.context.runner,
    `import os, time
while not os.path.exists("submit.go-on"):
    time.sleep(0.02)
${RUNNER}`
  );
  life.goOn(await addJob(bench));
  await vi.waitFor(() => expect(job().state).toBe('starting'), 10_000);
  const { schedulerId } = job();
  forget();
  await recover();
  await vi.waitFor(() => expect(job().state).toBe('starting'), 10_000);
  expect(job().schedulerId).toBe(schedulerId);
  life.cancel(ID);
  expect((await home()).state).toBe('cancelled');
});

test('it may be done again, and leaves what is known as it is', async () => {
  const before = await run();
  expect(await recover()).toEqual({ ...NOTHING, known: 1 });
  expect(job()).toEqual(before);
  forget();
  await Promise.all([recover(), recover()]);
  await home();
  expect(bench.context.jobs.list()).toHaveLength(1);
});

test('a source folder that is gone keeps the result, until a place is named', async () => {
  await run();
  forget();
  const moved = path.join(bench.home, 'moved');
  renameSync(bench.project, moved);
  expect(await recover()).toEqual({
    ...NOTHING,
    recovered: [{ id: ID, isBare: false, hasSource: false }]
  });
  const { result } = await home();
  expect(result).toMatchObject({ place: 'kept', problem: { code: 'source-folder-missing' } });
  const place = path.join(bench.home, 'there');
  mkdirSync(place);
  const { result: fetched } = await life.fetch(ID, { place, files: null });
  expect(fetched).toMatchObject({ place: 'here', notebook: path.join(place, `nb.${ID}.ipynb`) });
});

test('a job of an earlier version has what its directory tells', async () => {
  await run();
  forget();
  change('job.json', text => {
    const { record: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify(rest);
  });
  expect(await recover()).toEqual({
    ...NOTHING,
    recovered: [{ id: ID, isBare: true, hasSource: false }]
  });
  expect(await home()).toMatchObject({
    state: 'succeeded',
    spec: { notebook: '/unknown-folder/project/nb.ipynb', name: 'nb', timeSeconds: 600 },
    result: { place: 'kept' }
  });
});

test('jobs from other machines are left alone, unless they are asked for', async () => {
  await run();
  forget();
  changeRecord(record => ({ ...record, machine: 'laptop' }));
  expect(await recover()).toEqual({ ...NOTHING, elsewhere: { jobs: 1, machines: ['laptop'] } });
  expect(bench.context.jobs.list()).toEqual([]);
  expect((await recover(true)).recovered).toHaveLength(1);
});

/** What a job, or whoever has its cluster, may write there. */
const WRITTEN: [string, (record: { spec: Record<string, unknown> }) => object][] = [
  ['another folder', ({ spec }) => ({ ...spec, notebook: '/etc/nb.ipynb' })],
  ['a way up', ({ spec }) => ({ ...spec, notebook: '/etc/x/../project/nb.ipynb' })],
  ['no absolute path', ({ spec }) => ({ ...spec, notebook: 'project/nb.ipynb' })],
  ['control characters', ({ spec }) => ({ ...spec, notebook: '/a\u001b[2J/project/nb.ipynb' })],
  ['a name for a shell', ({ spec }) => ({ ...spec, name: '$(id)' })],
  ['a number that no form has', ({ spec }) => ({ ...spec, cores: 1e300 })]
];

test.each(WRITTEN)('a spec with %s is not taken', async (_, spec) => {
  await run();
  forget();
  changeRecord(record => ({ ...record, spec: spec(record) }));
  expect(await recover()).toEqual({ ...NOTHING, unreadable: [ID] });
});

test('what would run is not taken from there', async () => {
  await run();
  forget();
  changeRecord(record => ({
    ...record,
    spec: { ...record.spec, environment: ['evil'], python: '/evil', directives: ['--evil'] }
  }));
  expect((await recover()).recovered).toHaveLength(1);
  expect(job().spec).toMatchObject({ environment: [], directives: [] });
  expect(job().spec.python).toBeUndefined();
});

test.each<[string, (directory: string) => void, Partial<RecoverAnswer>]>([
  ['no job.json', at => rmSync(path.join(at, 'job.json')), { notSubmitted: 1 }],
  [
    'a job.json that is too long',
    at => writeFileSync(path.join(at, 'job.json'), 'x'.repeat(70_000)),
    { unreadable: [ID] }
  ],
  [
    'a job.json that is none',
    at => writeFileSync(path.join(at, 'job.json'), '{'),
    { unreadable: [ID] }
  ],
  [
    'the job.json of another',
    at => {
      const file = path.join(at, 'job.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace(ID, 'another1'));
    },
    { unreadable: [ID] }
  ],
  [
    'a submission that was withdrawn',
    at => {
      rmSync(path.join(at, 'run.lock'), { recursive: true });
      writeFileSync(path.join(at, 'submit.out'), 'withdrawn\n');
    },
    { notSubmitted: 1 }
  ],
  [
    'a submission that was refused',
    at => {
      rmSync(path.join(at, 'run.lock'), { recursive: true });
      writeFileSync(path.join(at, 'submit.out'), '1\n\n@@ errors\ninvalid partition\n');
    },
    { notSubmitted: 1 }
  ],
  [
    'a link in its place',
    at => {
      renameSync(at, `${at}.moved`);
      symlinkSync(`${at}.moved`, at);
    },
    { foreign: 1 }
  ]
])('a directory with %s is no job', async (_, spoil, expected) => {
  const { directory } = await run();
  forget();
  spoil(directory);
  expect(await recover()).toEqual({ ...NOTHING, ...expected });
  expect(bench.context.jobs.list()).toEqual([]);
});

test.skipIf(process.getuid?.() !== 0)(
  'a directory of another account is not taken (skipped: only root can give it away)',
  async () => {
    const { directory } = await run();
    forget();
    chownSync(directory, 4711, 4711);
    expect(await recover()).toEqual({ ...NOTHING, foreign: 1 });
  }
);

test('a submission that was cut off in between is cleared up by looking, and never sent again', async () => {
  const { directory } = await run();
  forget();
  for (const name of ['run.lock', 'submit.out', 'started.json', 'exit.json', 'submit.said']) {
    rmSync(path.join(directory, name), { recursive: true, force: true });
  }
  expect((await recover()).recovered).toHaveLength(1);
  expect(job()).toMatchObject({
    state: 'preparing',
    submittedAt: null,
    step: { name: 'checking' }
  });
  expect(bench.context.jobs.submission(ID)).toBeNull();
});

test('a base folder that is not there has no jobs', async () => {
  expect(await recover()).toEqual(NOTHING);
});

test('many directories are looked through, a page at a time', async () => {
  const { directory } = await run();
  forget();
  for (let number = 0; number < 95; number += 1) {
    const other = `m${String(number).padStart(7, '0')}`;
    const folder = path.join(path.dirname(directory), other);
    mkdirSync(path.join(folder, 'submit.claim'), { recursive: true });
    writeFileSync(
      path.join(folder, 'job.json'),
      readFileSync(path.join(directory, 'job.json'), 'utf8').replaceAll(ID, other)
    );
    writeFileSync(path.join(folder, 'submit.out'), '0\n999999\n@@ errors\n');
  }
  const goOn = vi.spyOn(life, 'goOn').mockReturnValue(undefined);
  expect((await recover()).recovered).toHaveLength(96);
  expect(goOn).toHaveBeenCalledTimes(96);
});
