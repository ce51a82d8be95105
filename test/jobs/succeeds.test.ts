import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench } from './harness';
import { notebook, outputsOf } from './notebook';
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
  expect(result.files.map(file => file.path)).toEqual([
    'beside/beside.txt',
    'data/input.txt',
    'out/deep/table.csv'
  ]);
  const back = (file: string): string =>
    readFileSync(path.join(source.folder, `analysis.${job.id}.files`, file), 'utf8');
  expect(back('data/input.txt')).toBe('as it was changed');
  expect(back('out/deep/table.csv')).toBe('1,2\n');
  expect(back('beside/beside.txt')).toBe('next to it');
  expect(result.left).toEqual([]);
  source.expectUntouched([job.id]);
}, 90_000);
