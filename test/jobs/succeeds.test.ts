import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PYTHON } from './bundle';
import { Bench } from './harness';
import { notebook, outputsOf } from './notebook';
import { makeTemp } from '../makeTemp';
import { clientAt } from './sharedSidecar';
import { sourceFolder } from './sourceFolder';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
});
afterAll(() => bench.stop());

test('a notebook with %%px runs on its engines, and comes back with what it wrote', async () => {
  const source = sourceFolder({
    'analysis.ipynb': notebook(
      'import ipyparallel as ipp\nrc = ipp.Client()\nprint(len(rc), "engines")',
      '%%px\nimport os\nprint("engine says", 6 * 7)',
      'print(sum(rc[:].map_sync(lambda x: x ** 2, range(10))))',
      'text = open("data/input.txt").read()\nprint(text)',
      'import pathlib\npathlib.Path("out/deep").mkdir(parents=True)\npathlib.Path("out/deep/table.csv").write_text("1,2\\n")',
      'open("data/input.txt", "a").write(" changed")\nopen("../beside.txt", "w").write("next to it")'
    ),
    'data/input.txt': 'as it was',
    'never-read.txt': 'not for the job'
  });
  const job = await bench.submitAndEnd({ notebook: source.notebook, cores: 4 });
  expect({ state: job.state, cause: job.cause }).toEqual({ state: 'succeeded', cause: null });
  expect(job.progress?.engines).toEqual({ ready: 4, wanted: 4 });
  const { result } = job;
  expect(result.notebook).toBe(path.join(source.folder, `analysis.${job.id}.ipynb`));
  const [engines, px, squares, read] = outputsOf(result.notebook ?? '');
  expect(engines).toBe('4 engines\n');
  expect(px?.match(/engine says 42/g)).toHaveLength(4);
  expect(squares).toBe('285\n');
  expect(read).toBe('as it was\n');
  expect((await bench.files(job.id)).map(file => file.path)).toEqual([
    'beside/beside.txt',
    'data/input.txt',
    'out/deep/table.csv'
  ]);
  const back = (file: string): string =>
    readFileSync(path.join(source.folder, `analysis.${job.id}.files`, file), 'utf8');
  expect(back('data/input.txt')).toBe('as it was changed');
  expect(back('out/deep/table.csv')).toBe('1,2\n');
  expect(back('beside/beside.txt')).toBe('next to it');
  expect(result.left.count).toBe(0);
  expect(existsSync(path.join(job.directory, 'work/project/never-read.txt'))).toBe(false);
  source.expectUntouched([job.id]);
}, 90_000);

test('a notebook without ipyparallel starts no engines', async () => {
  const source = sourceFolder({ 'plain.ipynb': notebook('print(6 * 7)') });
  const job = await bench.submitAndEnd({ notebook: source.notebook, cores: 4 });
  expect(job).toMatchObject({
    state: 'succeeded',
    spec: { cores: 4, engines: 0 },
    notes: [],
    progress: { engines: { ready: 0, wanted: 0 } }
  });
  expect(existsSync(path.join(job.directory, 'logs/controller.log'))).toBe(false);
  expect(outputsOf(job.result.notebook ?? '')).toEqual(['42\n']);
  source.expectUntouched([job.id]);
}, 60_000);

test('a job that goes on after a failing cell succeeds, and shows the error', async () => {
  const source = sourceFolder({ 'goes-on.ipynb': notebook('1 / 0', 'print("still here")') });
  const job = await bench.submitAndEnd({ notebook: source.notebook, allowErrors: true });
  expect(job).toMatchObject({ state: 'succeeded', cause: null, notes: [] });
  const [error, after] = outputsOf(job.result.notebook ?? '');
  expect(error).toContain('ZeroDivisionError');
  expect(after).toBe('still here\n');
  source.expectUntouched([job.id]);
}, 60_000);

test('names that mean something to a shell are only names', async () => {
  const name = `a b'c"$x;\\.ipynb`;
  const names = ['-rf', `it's "$HOME"; rm *`, 'back\\slash', 'two\nlines', 'ünï – ☃'];
  const source = sourceFolder(
    {
      [name]: notebook(
        'import os, pathlib\nprint(sorted(os.listdir("in & out")))',
        'for each in os.listdir("in & out"):\n    pathlib.Path("new " + each).write_text(each)'
      ),
      ...Object.fromEntries(names.map(each => [`in & out/${each}`, 'x']))
    },
    path.join(makeTemp(), `-o '"$(reboot)\\; ü`)
  );
  const job = await bench.submitAndEnd({ notebook: source.notebook, files: ['in & out/'] });
  expect(job).toMatchObject({ state: 'succeeded', cause: null });
  const stem = path.join(source.folder, `a b'c"$x;\\.${job.id}`);
  expect(job.result).toMatchObject({ notebook: `${stem}.ipynb`, folder: `${stem}.files` });
  expect((await bench.files(job.id)).map(file => file.path).toSorted()).toEqual(
    names.map(each => `new ${each}`).toSorted()
  );
  for (const each of names) {
    expect(readFileSync(`${stem}.files/new ${each}`, 'utf8')).toBe(each);
  }
  source.expectUntouched([job.id]);
}, 60_000);

test('a folder of 2,000 files that a literal names goes along, and does not come back', async () => {
  const numbers = Array.from({ length: 2000 }, (_, index) => index);
  const source = sourceFolder({
    'many.ipynb': notebook(
      'import os\nfolder = "data/raw"\nfiles = os.listdir(folder)',
      'print(len(files), sum(int(open(os.path.join(folder, each)).read()) for each in files))',
      'for each in files[:500]:\n    open(each, "w").write("new")'
    ),
    ...Object.fromEntries(numbers.map(number => [`data/raw/${number}.txt`, String(number)]))
  });
  const job = await bench.submitAndEnd({ notebook: source.notebook });
  expect(job).toMatchObject({ state: 'succeeded', cause: null });
  expect(outputsOf(job.result.notebook ?? '')[1]).toBe('2000 1999000\n');
  expect(job.result.files.count).toBe(500);
  expect(source.newFiles()).toHaveLength(501);
  source.expectUntouched([job.id]);
}, 90_000);

test('a name beside the source that is taken already is left alone', async () => {
  const source = sourceFolder({ 'twice.ipynb': notebook('print("mine")') });
  const { id } = await bench.submit({ notebook: source.notebook });
  const taken = path.join(source.folder, `twice.${id}.ipynb`);
  writeFileSync(taken, 'somebody else was here');
  const job = await bench.end(id);
  expect(job.result.notebook).toBe(path.join(source.folder, `twice.${id}-2.ipynb`));
  expect(outputsOf(job.result.notebook ?? '')).toEqual(['mine\n']);
  expect(readFileSync(taken, 'utf8')).toBe('somebody else was here');
}, 60_000);

test("a job runs in its caller's environment, in its own folder, and with the notebook as it was", async () => {
  const source = sourceFolder({
    'where.ipynb': notebook('import os\nprint(os.environ["WHO"], os.getcwd(), os.environ["HOME"])')
  });
  const caller = clientAt(bench.socket, { ...bench.environment, WHO: 'a caller' });
  const form = { cluster: 'local', cores: 1, time: '10m', notebook: source.notebook };
  const { id } = await caller.submit('wh3reami', form);
  writeFileSync(source.notebook, notebook('print("changed meanwhile")'));
  const job = await bench.end(id);
  const folder = path.join(realpathSync(bench.home), `.jupyterlab-submit/${id}/work/project`);
  expect(outputsOf(job.result.notebook ?? '')).toEqual([`a caller ${folder} ${bench.home}\n`]);
  expect(readFileSync(source.notebook, 'utf8')).toBe(notebook('print("changed meanwhile")'));
}, 60_000);

test('a cluster of the settings runs a job where and as they say', async () => {
  const code = 'import os, sys\nprint(os.getcwd(), os.environ["SITE"], sys.executable)';
  const source = sourceFolder({ 'settings.ipynb': notebook(code, '1 / 0', 'print("on")') });
  const client = clientAt(bench.socket, bench.environment, {
    clusters: [
      {
        name: 'disk',
        title: 'My disk',
        baseFolder: '~/disk/jobs',
        python: PYTHON,
        environment: ['export SITE=ours'],
        defaults: { allowErrors: true }
      }
    ],
    defaults: { cores: 1, time: '10m' }
  });
  const { id } = await client.submit('s3ttings', { notebook: source.notebook, cluster: 'disk' });
  const job = await bench.end(id);
  expect(job).toMatchObject({
    state: 'succeeded',
    spec: { cores: 1, timeSeconds: 600, allowErrors: true },
    cluster: { name: 'disk', title: 'My disk' }
  });
  const folder = path.join(realpathSync(bench.home), `disk/jobs/${id}/work/project`);
  const [first, , last] = outputsOf(job.result.notebook ?? '');
  expect([first, last]).toEqual([`${folder} ours ${PYTHON}\n`, 'on\n']);
}, 60_000);
