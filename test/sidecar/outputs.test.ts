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
import type { JobRecord } from '../../src/api/job';
import { shellOf } from '../../src/sidecar/look';
import { type Outputs, listOutputs, splitBySize } from '../../src/sidecar/outputs';
import { local } from '../../src/sidecar/remote/local';
import { type Workbench, addJob, makeWorkbench } from './workbench';

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

function list(): Promise<Outputs> {
  return listOutputs(shellOf(bench.context, record.cluster), record);
}

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
  expect(await list()).toEqual({ hasNotebook: false, files: [], unnamable: [] });
});

test('new and changed files are results, with their sizes', async () => {
  write('new.txt', '12345');
  write('data/deep/er.csv', '');
  writeFileSync(path.join(work, 'changed.txt'), 'changed');
  writeFileSync(path.join(record.directory, 'result.ipynb'), '{}');
  expect(await list()).toEqual({
    hasNotebook: true,
    files: expect.arrayContaining([
      { path: 'changed.txt', source: 'project/changed.txt', bytes: 7 },
      { path: 'data/deep/er.csv', source: 'project/data/deep/er.csv', bytes: 0 },
      { path: 'new.txt', source: 'project/new.txt', bytes: 5 }
    ]),
    unnamable: []
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

test('caches, checkpoints, links and pipes are no results', async () => {
  write('__pycache__/a.pyc');
  write('deep/__pycache__/a.pyc');
  write('.ipynb_checkpoints/nb-checkpoint.ipynb');
  write('.ipython/profile');
  write('.hidden');
  symlinkSync('/etc/passwd', path.join(work, 'link'));
  symlinkSync('/etc', path.join(work, 'folder link'));
  execFileSync('mkfifo', [path.join(work, 'pipe')]);
  mkdirSync(path.join(work, 'empty folder'));
  write('real');
  linkSync(path.join(work, 'real'), path.join(work, 'second name'));
  expect(await listed()).toEqual(['.hidden', 'real', 'second name']);
});

test('awkward names are read as they are', async () => {
  const names = ['two\nlines', ' blank ', '$(id)', `'"`, '-rf', 'back\\n', 'ünï ☃', '\t', '*'];
  names.forEach(name => write(name));
  expect(await listed()).toEqual(names.toSorted());
});

test('a name that is not UTF-8 is told, and does not keep the others back', async () => {
  write('good');
  execFileSync('bash', ['-c', `printf 12 >"$0"/$'latin-\\xe9'`, work]);
  const { files, unnamable } = await list();
  expect(files.map(file => file.path)).toEqual(['good']);
  expect(unnamable).toEqual([{ path: 'latin-\ufffd', bytes: 2 }]);
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
  expect(await list()).toEqual({ hasNotebook: false, files: [], unnamable: [] });
});

test('a list that was cut, or that leads out of the folder, is not believed', async () => {
  write('good');
  const answer = (tail: string): Promise<Outputs> =>
    listOutputs(
      {
        faults: bench.context.faults,
        remote: {
          ...local,
          run: command =>
            local.run({
              ...command,
              script: command.script.replace(/\(\ncd[^]*\n\);/, `(\nprintf '${tail}'\n);`)
            })
        }
      },
      record
    );
  await expect(answer('notebook\\0005\\000work/a\\0')).rejects.toMatchObject({
    problem: { code: 'command-failed' }
  });
  await expect(answer('')).rejects.toMatchObject({ problem: { code: 'command-failed' } });
  const sources = [
    'work/project/ok',
    'work/../../x',
    'work/project/../x',
    '/etc/x',
    'x',
    'work//x'
  ];
  const text = `\\000${sources.map(name => `1\\000${name}\\000`).join('')}end`;
  expect((await answer(text)).files.map(file => file.path)).toEqual(['ok']);
});

test('a job directory that is gone is a failure', async () => {
  rmSync(record.directory, { recursive: true });
  await expect(list()).rejects.toMatchObject({ problem: { code: 'command-failed' } });
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
