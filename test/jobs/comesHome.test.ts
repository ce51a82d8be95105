import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Bench } from './harness';
import { notebook, outputsOf } from './notebook';
import { makeTemp } from '../makeTemp';
import { sourceFolder } from './sourceFolder';
import { fill, readOnlyView, smallDisk } from './volumes';

/** Root that has to obey the modes of files, as everybody else has. */
const WITHOUT_POWERS = ['setpriv', '--bounding-set', '-all', '--inh-caps', '-all'];

/** Runs long enough for a test to change something meanwhile. */
const CELLS = [
  'import os, time\nprint("done")\nn = open("wrote.txt", "w").write("text")',
  'while not os.path.exists("../../submit.go-on"):\n    time.sleep(0.1)'
];

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
});
afterAll(() => bench.stop());

test.each(['deleted', 'moved'])(
  'the result of a notebook whose folder was %s meanwhile is kept, and goes where it is asked to',
  async what => {
    const source = sourceFolder({ 'gone.ipynb': notebook(...CELLS) });
    const { id } = await begin(bench, source.notebook);
    if (what === 'deleted') {
      rmSync(source.folder, { recursive: true });
    } else {
      renameSync(source.folder, `${source.folder}-elsewhere`);
    }
    goOn(bench, id);
    const kept = await bench.end(id);
    expect(kept).toMatchObject({
      state: 'succeeded',
      result: {
        place: 'kept',
        notebook: null,
        problem: { code: 'source-folder-missing', values: { folder: source.folder } }
      }
    });
    await expect(bench.client.remove(id)).rejects.toMatchObject({
      problem: { code: 'result-not-fetched' }
    });
    const place = makeTemp();
    const fetched = await bench.client.fetch(id, { place });
    expect(fetched.result).toMatchObject({
      place: 'here',
      notebook: path.join(place, `gone.${id}.ipynb`),
      folder: path.join(place, `gone.${id}.files`),
      files: { count: 1, bytes: 4 },
      problem: null
    });
    expect(outputsOf(fetched.result.notebook ?? '')[0]).toBe('done\n');
    expect(readdirSync(place).toSorted()).toEqual([`gone.${id}.files`, `gone.${id}.ipynb`]);
    await bench.client.remove(id);
    expect(await bench.client.jobs()).not.toContainEqual(expect.objectContaining({ id }));
    expect(() => readdirSync(fetched.directory)).toThrow('ENOENT');
  },
  60_000
);

test('a result goes to the folder that was asked for, with links that lead to its files, whatever the settings say later', async () => {
  const settings = { defaults: { resultsFolder: 'results/2026' } };
  const ours = await Bench.start({ settings });
  onTestFinished(() => ours.stop());
  const source = sourceFolder({ 'far.ipynb': notebook('print("x" * 2_000_000)', ...CELLS) });
  const { id } = await ours.submit({ notebook: source.notebook });
  await ours.until(id, ({ progress }) => (progress?.cell?.index ?? 0) >= 3);
  // The next one knows nothing of these settings.
  await ours.kill();
  await ours.startSidecar();
  settings.defaults.resultsFolder = '/elsewhere';
  goOn(ours, id);
  const { result } = await ours.end(id);
  const place = path.join(source.folder, 'results/2026');
  expect(result).toMatchObject({
    place: 'here',
    notebook: path.join(place, `far.${id}.ipynb`),
    folder: path.join(place, `far.${id}.files`),
    problem: null
  });
  const link = `far.${id}.files/outputs/cell-1.txt`;
  expect(readFileSync(result.notebook ?? '', 'utf8')).toContain(link);
  expect(readFileSync(path.join(place, link), 'utf8')).toMatch(/^x+$/m);
  expect(readdirSync(source.folder).toSorted()).toEqual(['far.ipynb', 'results']);
  expect(readdirSync(place).toSorted()).toEqual([`far.${id}.files`, `far.${id}.ipynb`]);
}, 60_000);

test('a read-only folder keeps its files, and the result waits for a place', async () => {
  const source = sourceFolder({ 'read.ipynb': notebook(...CELLS), 'data.txt': 'data' });
  const view = readOnlyView(source.folder);
  const ours =
    view || process.getuid?.() !== 0 ? bench : await Bench.start({ prefix: WITHOUT_POWERS });
  chmodSync(source.folder, 0o555);
  onTestFinished(async () => {
    view?.undo();
    await (ours === bench ? undefined : ours.stop());
  });
  const folder = view?.folder ?? source.folder;
  const { id } = await begin(ours, path.join(folder, 'read.ipynb'));
  goOn(ours, id);
  const kept = await ours.end(id);
  expect(kept).toMatchObject({
    state: 'succeeded',
    result: { place: 'kept', problem: { code: 'folder-read-only', values: { folder } } }
  });
  source.expectUntouched([]);
  const place = makeTemp();
  chmodSync(place, 0o777);
  const { result } = await ours.client.fetch(id, { place });
  expect(result).toMatchObject({ place: 'here', notebook: path.join(place, `read.${id}.ipynb`) });
}, 60_000);

test('a full disk keeps what is on it; the notebook has room there, and the files come when they have', async context => {
  const disk = smallDisk();
  if (!disk) {
    context.skip('needs the right to mount, or a small disk in memory: run as root');
    return;
  }
  onTestFinished(disk.undo);
  const source = sourceFolder(
    { 'full.ipynb': notebook('open("big.bin", "wb").write(b"x" * 100_000)', ...CELLS) },
    path.join(disk.folder, 'project')
  );
  const { id } = await begin(bench, source.notebook);
  const makeRoom = fill(disk.folder);
  goOn(bench, id);
  const kept = await bench.end(id);
  expect(kept).toMatchObject({
    state: 'succeeded',
    result: {
      place: 'here',
      notebook: path.join(source.folder, `full.${id}.ipynb`),
      folder: null,
      files: { count: 0 },
      left: {
        some: [
          { path: 'big.bin', bytes: 100_000, reason: 'not-fetched' },
          { path: 'wrote.txt', bytes: 4, reason: 'not-fetched' }
        ]
      },
      problem: { code: 'disk-full', values: { folder: source.folder } }
    }
  });
  expect(source.newFiles()).toEqual([`full.${id}.ipynb`]);
  makeRoom();
  const { result } = await bench.client.fetch(id);
  expect(result).toMatchObject({ place: 'here', problem: null });
  expect(await bench.files(id)).toEqual([
    { path: 'big.bin', bytes: 100_000 },
    { path: 'wrote.txt', bytes: 4 }
  ]);
  source.expectUntouched([id]);
}, 60_000);

test('what was removed here since it came comes again with a fetch, and what was changed stays', async () => {
  const write = 'for name in ("a.txt", "b.txt", "c.txt"):\n    open(name, "w").write(name)';
  const source = sourceFolder({ 'again.ipynb': notebook(write, 'print("done")') });
  const { id } = await bench.submit({ notebook: source.notebook });
  const { result: came } = await bench.end(id);
  const folder = came.folder ?? '';
  rmSync(path.join(folder, 'a.txt'));
  writeFileSync(path.join(folder, 'b.txt'), 'of mine');
  const { result } = await bench.client.fetch(id);
  expect(result).toMatchObject({ place: 'here', files: { count: 3, bytes: 15 }, problem: null });
  expect(readFileSync(path.join(folder, 'a.txt'), 'utf8')).toBe('a.txt');
  expect(readFileSync(path.join(folder, 'b.txt'), 'utf8')).toBe('of mine');
  rmSync(folder, { recursive: true });
  rmSync(came.notebook ?? '');
  const whole = await bench.client.fetch(id);
  expect(whole.result).toMatchObject({ notebook: came.notebook, folder, files: { count: 3 } });
  expect(outputsOf(came.notebook ?? '').join('')).toContain('done');
  expect(readdirSync(folder).toSorted()).toEqual(['a.txt', 'b.txt', 'c.txt']);
  expect((await bench.files(id)).map(({ path: name }) => name).toSorted()).toEqual(
    readdirSync(folder).toSorted()
  );
  source.expectUntouched([id]);
}, 60_000);

test('what a job wrote comes home whole, whatever it is and however it was written', async () => {
  const source = sourceFolder({
    'sizes.ipynb': notebook(
      'import os, shutil',
      'open("empty", "w").close()\nopen("big", "wb").write(os.urandom(30_000_000))',
      'shutil.copy2("old.txt", "copy of old.txt")\nos.rename("moved.txt", "has moved.txt")',
      'os.link("big", "big again")\nos.symlink("/etc/passwd", "link")\nos.mkfifo("pipe")',
      'os.makedirs("__pycache__")\nopen("__pycache__/x.pyc", "w").write("x")',
      'with open(b"latin-\\xe9.txt", "w") as file:\n    file.write("x")'
    ),
    'old.txt': 'old',
    'moved.txt': 'moved'
  });
  const job = await bench.submitAndEnd({ notebook: source.notebook });
  expect(job).toMatchObject({ state: 'succeeded', result: { place: 'here', problem: null } });
  expect(await bench.files(job.id)).toEqual([
    { path: 'big', bytes: 30_000_000 },
    { path: 'big again', bytes: 30_000_000 },
    { path: 'copy of old.txt', bytes: 3 },
    { path: 'empty', bytes: 0 },
    { path: 'has moved.txt', bytes: 5 }
  ]);
  expect(await bench.files(job.id, 'left')).toEqual([
    { path: 'latin-\ufffd.txt', bytes: 1, reason: 'unnamable' },
    { path: 'link', bytes: 0, reason: 'link-outside' },
    { path: 'pipe', bytes: 0, reason: 'special' }
  ]);
  const back = readFileSync(path.join(job.result.folder ?? '', 'big'));
  expect(back.equals(readFileSync(path.join(job.directory, 'work/project/big')))).toBe(true);
  source.expectUntouched([job.id]);
}, 60_000);

async function begin(ours: Bench, file: string): Promise<{ id: string }> {
  const { id } = await ours.submit({ notebook: file });
  await ours.until(id, ({ progress }) => (progress?.cell?.index ?? 0) >= 2);
  return { id };
}

/** Ends the waiting of a job's last cell. */
function goOn(ours: Bench, id: string): void {
  mkdirSync(path.join(ours.home, '.jupyterlab-submit', id, 'submit.go-on'));
}
