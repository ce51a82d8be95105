import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { shellOf } from '../../../src/sidecar/clusters/shell';
import { type Outputs, listOutputs, splitBySize } from '../../../src/sidecar/collecting/outputs';
import { local } from '../../../src/sidecar/remote/local';
import { type Workbench, addJob, makeWorkbench } from '../workbench';

let bench: Workbench;
let record: JobRecord;
let work: string;
/** A job directory as it is when its script has just taken the run lock. */
beforeEach(async () => {
  bench = makeWorkbench();
  record = await addJob(bench);
  work = path.join(record.directory, 'work/project');
  mkdirSync(path.join(work, 'data'), { recursive: true });
  for (const name of ['nb.ipynb', 'read.txt', 'changed.txt', 'moved.txt', 'data/in.csv']) {
    writeFileSync(path.join(work, name), name);
  }
  await sleep(20);
  mkdirSync(path.join(record.directory, 'run.lock'));
  await sleep(20);
});

async function list(): Promise<Outputs> {
  const found = await listOutputs(shellOf(bench.context, record.cluster), record);
  return found ?? expect.fail('no job directory');
}

const NOTHING: Outputs = { notebookBytes: null, files: [], folders: [], links: [], left: [] };

async function listed(): Promise<string[]> {
  return (await list()).files.map(file => file.path).toSorted();
}

function write(name: string, text = 'x'): void {
  const file = path.join(work, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

test('what was only read is no result', async () => {
  execFileSync('cat', [path.join(work, 'read.txt')]);
  expect(await list()).toEqual(NOTHING);
});

test('new and changed files are results, with their sizes', async () => {
  write('new.txt', '12345');
  write('data/deep/er.csv', '');
  writeFileSync(path.join(work, 'changed.txt'), 'changed');
  writeFileSync(path.join(record.directory, 'result.ipynb'), '{}');
  expect(await list()).toEqual({
    ...NOTHING,
    notebookBytes: 2,
    files: expect.arrayContaining([
      { path: 'changed.txt', source: 'work/project/changed.txt', bytes: 7 },
      { path: 'data/deep/er.csv', source: 'work/project/data/deep/er.csv', bytes: 0 },
      { path: 'new.txt', source: 'work/project/new.txt', bytes: 5 }
    ])
  });
  expect(await listed()).toHaveLength(3);
});

test('no time that a program sets hides a result', async () => {
  write('dated.txt');
  utimesSync(path.join(work, 'dated.txt'), 1, 1);
  copyFileSync(path.join(work, 'read.txt'), path.join(work, 'copy.txt'));
  execFileSync('cp', ['-p', path.join(work, 'read.txt'), path.join(work, 'copy -p.txt')]);
  renameSync(path.join(work, 'moved.txt'), path.join(work, 'has moved.txt'));
  expect(await listed()).toEqual(['copy -p.txt', 'copy.txt', 'dated.txt', 'has moved.txt']);
});

test('what is written beside the folder has a place of its own', async () => {
  write('../x.txt');
  write('../other/y.txt');
  write('x.txt');
  expect(await listed()).toEqual(['beside/other/y.txt', 'beside/x.txt', 'x.txt']);
  write('beside/x.txt');
  expect(await listed()).toEqual(['beside/x.txt', 'beside_/other/y.txt', 'beside_/x.txt', 'x.txt']);
});

test('caches and checkpoints are no results; pipes, and links out of the job, are told', async () => {
  write('__pycache__/a.pyc');
  write('deep/__pycache__/a.pyc');
  write('.ipynb_checkpoints/nb-checkpoint.ipynb');
  write('.ipython/profile');
  write('.hidden');
  symlinkSync('/etc/passwd', path.join(work, 'link'));
  symlinkSync('/etc', path.join(work, 'folder link'));
  execFileSync('mkfifo', [path.join(work, 'pipe')]);
  mkdirSync(path.join(work, 'empty folder'));
  symlinkSync('nowhere', path.join(work, 'broken'));
  symlinkSync('circle', path.join(work, 'circle'));
  symlinkSync('pipe', path.join(work, 'to pipe'));
  write('real');
  linkSync(path.join(work, 'real'), path.join(work, 'second name'));
  expect(await listed()).toEqual(['.hidden', 'real', 'second name']);
  const { folders, left, links } = await list();
  expect(folders).toEqual([{ path: 'empty folder/' }]);
  expect(links).toEqual([{ path: 'to pipe', target: 'pipe' }]);
  expect(Object.fromEntries(left.map(file => [file.path, file.reason]))).toEqual({
    broken: 'link-broken',
    circle: 'link-broken',
    'folder link': 'link-outside',
    link: 'link-outside',
    pipe: 'special'
  });
});

test('awkward names are read as they are', async () => {
  const names = ['two\nlines', ' blank ', '$(id)', `'"`, '-rf', 'back\\n', 'ünï ☃', '\t', '*'];
  names.forEach(name => write(name));
  expect(await listed()).toEqual(names.toSorted());
});

test('a name that is not UTF-8 is told, and does not keep the others back', async () => {
  write('good');
  execFileSync('bash', ['-c', `printf 12 >"$0"/$'latin-\\xe9'`, work]);
  const { files, left } = await list();
  expect(files.map(file => file.path)).toEqual(['good']);
  expect(left).toEqual([{ path: 'latin-\ufffd', bytes: 2, reason: 'unnamable' }]);
});

test('a folder that cannot be read does not keep the others back', async () => {
  write('good');
  write('locked/x');
  chmodSync(path.join(work, 'locked'), 0);
  expect(await listed()).toContain('good');
  chmodSync(path.join(work, 'locked'), 0o700);
});

test('a job that never began has no files', async () => {
  rmSync(path.join(record.directory, 'run.lock'), { recursive: true });
  expect(await list()).toEqual(NOTHING);
});

/** What a list is read as that is not what the script has printed. */
function answered(tail: string): Promise<Outputs | null> {
  return listOutputs(
    {
      remote: {
        ...local,
        run: command =>
          local.run({
            ...command,
            script: command.script.replace(/\n\[ -d[^]*\n\)\n$/, `\nprintf '${tail}'\n)\n`)
          })
      }
    },
    record
  );
}

test('a list that was cut, or that leads out of the folder, is not believed', async () => {
  write('good');
  await expect(answered('5\\000/job\\000f\\0005\\000\\000work/a\\0')).rejects.toMatchObject({
    problem: { code: 'command-failed' }
  });
  await expect(answered('')).rejects.toMatchObject({ problem: { code: 'command-failed' } });
  const sources = [
    'work/project/ok',
    'work/../../x',
    'work/project/../x',
    '/etc/x',
    'x',
    'work//x'
  ];
  const things = sources.map(name => `f\\0001\\000\\000${name}\\000`).join('');
  const found = await answered(`\\000/job\\000${things}@\\000@\\000@\\000end`);
  expect(found?.files.map(file => file.path)).toEqual(['ok']);
});

test('a size that no counter has is the largest there is, and no size is none', async () => {
  const sizes = ['9223372036854775807', '9'.repeat(400), '1e3', 'NaN', '-1', ''];
  const things = sizes.map((size, index) => `f\\000${size}\\000\\000work/project/${index}\\000`);
  const long = `f\\0001\\000\\000work/project/${'x'.repeat(5000)}\\000`;
  const found = await answered(`1e999\\000/job\\000${things.join('')}${long}@\\000@\\000@\\000end`);
  expect(found?.notebookBytes).toBeNull();
  expect(found?.files.map(({ bytes }) => bytes)).toEqual([Number.MAX_SAFE_INTEGER, 0, 0, 0, 0, 0]);
  expect(found?.left).toEqual([{ path: 'x'.repeat(4096), bytes: 1, reason: 'unnamable' }]);
});

test('the smallest files come first, up to the limit together', () => {
  const sizes = { z: 600_000_000, a: 300_000_000, b: 99_999_999, c: 100_000_001, huge: 4e9 };
  const files = Object.entries(sizes).map(([name, bytes]) => ({ path: name, bytes }));
  const { taken, left } = splitBySize(files, 1_000_000_000);
  expect(taken.map(file => file.path)).toEqual(['a', 'b', 'c']);
  expect(left.map(file => file.path)).toEqual(['huge', 'z']);
  expect(splitBySize([{ path: 'exact', bytes: 10 }], 10).left).toEqual([]);
  expect(splitBySize([], 10)).toEqual({ taken: [], left: [] });
});

test('a link inside of the work comes as one, to the next thing that it leads to', async () => {
  write('ckpt/step2.pt');
  symlinkSync('step2.pt', path.join(work, 'ckpt/last.pt'));
  symlinkSync('ckpt/last.pt', path.join(work, 'best.pt'));
  symlinkSync(path.join(work, 'ckpt/step2.pt'), path.join(work, 'absolute.pt'));
  symlinkSync('ckpt', path.join(work, 'run'));
  symlinkSync('run/step2.pt', path.join(work, 'through the folder'));
  write('../lib/x.txt');
  symlinkSync('../lib/x.txt', path.join(work, 'x'));
  const { left, links } = await list();
  expect(Object.fromEntries(links.map(link => [link.path, link.target]))).toEqual({
    'ckpt/last.pt': 'ckpt/step2.pt',
    'best.pt': 'ckpt/last.pt',
    'absolute.pt': 'ckpt/step2.pt',
    run: 'ckpt',
    'through the folder': 'ckpt/step2.pt',
    x: 'beside/lib/x.txt'
  });
  expect(left).toEqual([]);
});

test('a link to a file that was there before the job is that file', async () => {
  symlinkSync('data/in.csv', path.join(work, 'input.csv'));
  symlinkSync('input.csv', path.join(work, 'again.csv'));
  const { files, links } = await list();
  expect(files).toEqual([
    { path: 'input.csv', bytes: 'data/in.csv'.length, source: 'work/project/data/in.csv' }
  ]);
  expect(links).toEqual([{ path: 'again.csv', target: 'input.csv' }]);
});

test('outputs of cells are results, and what the notebook wrote there itself gets another name', async () => {
  mkdirSync(path.join(record.directory, 'outputs'));
  writeFileSync(path.join(record.directory, 'outputs/cell-3-1.html'), '<p>');
  write('outputs/cell-3-1.html', 'mine');
  write('outputs/other.txt');
  const { files } = await list();
  const sorted = files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  expect(sorted.map(({ cell, path: name, source }) => [name, source, cell])).toEqual([
    ['outputs/cell-3-1.html', 'outputs/cell-3-1.html', 3],
    ['outputs/cell-3-1_.html', 'work/project/outputs/cell-3-1.html', undefined],
    ['outputs/other.txt', 'work/project/outputs/other.txt', undefined]
  ]);
});

test('what is written above the work is listed where it is, and nothing of ours', async () => {
  const ours = [
    'script.sh',
    'submit.out',
    'exit.json',
    'exit.json.part',
    'notes.jsonl',
    'upload.aB3'
  ];
  for (const name of ours) {
    writeFileSync(path.join(record.directory, name), '');
  }
  mkdirSync(path.join(record.directory, 'shared out'));
  writeFileSync(path.join(record.directory, '.hidden'), '12345');
  writeFileSync(path.join(record.directory, '-x'), '1');
  expect((await list()).left.toSorted((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
    { path: '../../-x', bytes: 1, reason: 'elsewhere' },
    { path: '../../.hidden', bytes: 5, reason: 'elsewhere' },
    { path: '../../shared out', bytes: 0, reason: 'elsewhere' }
  ]);
});

test('no job directory is no list', async () => {
  rmSync(record.directory, { recursive: true });
  expect(await listOutputs(shellOf(bench.context, record.cluster), record)).toBeNull();
});
