import { describe, expect, it } from 'vitest';

import { MAX_LISTED_BYTES, MAX_LISTED_FILES } from '../../src/needs/ownFolder';
import { needsOf } from './needsOf';

const files = {
  'n.ipynb': 1,
  'run0.csv': 1,
  'run1.csv': 1,
  'b/c.csv': 1,
  'e/': 0,
  '.hidden': 1,
  'n.kx81mq2p.ipynb': 1,
  'n.kx81mq2p.files/out.txt': 1,
  'node_modules/x.js': 1,
  'venv/pyvenv.cfg': 1
};
const all = ['b/c.csv', 'run0.csv', 'run1.csv'];

describe('a listing of the notebook’s own folder takes along what lies there', () => {
  it.each([
    'os.listdir()',
    'os.listdir(".")',
    'os.listdir(path="./")',
    'listdir(os.getcwd())',
    'os.scandir()',
    'for a, b, c in os.walk("."): pass',
    'Path(".").iterdir()',
    'Path().iterdir()',
    'Path.cwd().iterdir()',
    'pathlib.Path(".").resolve().glob("*")',
    'Path(".").rglob("*")',
    'Path.cwd().glob(f"*{ext}")',
    'glob("*")',
    'glob.glob(f"*{ext}")',
    'glob.glob("**/*", recursive=True)',
    'here = Path.cwd()\nfor x in here.iterdir(): pass',
    'folder = "."\nos.listdir(folder)',
    'sorted(os.listdir("."))',
    'glob.glob(os.path.join(os.getcwd(), "*" + ext))',
    'Path(__session__).parent.glob(f"*{ext}")',
    'os.listdir(os.path.dirname(os.path.abspath("notebook.ipynb")))',
    'here = Path(__session__).parent\nhere.iterdir()',
    'os.listdir(globals()["_dh"][0])',
    'os.scandir(os.environ["PWD"])',
    '!ls',
    'files = !ls -1',
    '%ls',
    '!find .',
    '!cat *',
    '%%bash\nfor f in *; do cat $f; done',
    'os.system("ls")'
  ])('%j', async source => {
    const { files: found, folders, skipped } = await needsOf(source, files);
    expect(found.map(({ path }) => path)).toEqual(all);
    expect([folders, skipped]).toEqual([['e'], []]);
  });

  it.each<[string, string[]]>([
    ['Path(".").glob("*.csv")', ['run0.csv', 'run1.csv']],
    ['Path.cwd().rglob("*.csv")', ['b/c.csv', 'run0.csv', 'run1.csv']],
    ['glob(f"run*{ext}")', ['run0.csv', 'run1.csv']],
    ['d = os.getcwd()\nglob(d + "/*.csv")', ['run0.csv', 'run1.csv']],
    ['d = "."\nglob(os.path.join(d, "run?.csv"))', ['run0.csv', 'run1.csv']]
  ])('only what matches, where the pattern is known: %j', async (source, paths) => {
    const { files: found } = await needsOf(source, files);
    expect(found.map(({ path }) => path)).toEqual(paths);
  });

  it.each([
    '"."',
    'sys.path.append(".")',
    '"a.b".split(".")',
    'os.listdir("b/../nothing")',
    'os.listdir(folder)',
    'ast.walk(tree)',
    'x = "a.b".split(".")\nos.listdir(folder)',
    '!echo .'
  ])('but not %j', async source => {
    expect((await needsOf(source, files)).files).toEqual([]);
  });

  it('of a module, that is beside the notebook', async () => {
    const module = 'import os\nx = os.listdir(os.path.dirname(__file__))';
    const { files: found } = await needsOf('import a', { 'a.py': module, 'x.csv': 1 });
    expect(found.map(({ path }) => path)).toEqual(['a.py', 'x.csv']);
  });
});

describe('a folder with more than goes along unasked', () => {
  it('gives the files beside the notebook, and a word', async () => {
    const { files: found, skipped } = await needsOf('os.listdir(".")', {
      'x.csv': 1,
      'big/y.h5': MAX_LISTED_BYTES
    });
    expect(found.map(({ path }) => path)).toEqual(['x.csv']);
    expect(skipped).toEqual([{ cell: 1, file: null, why: 'too-many', named: 'os.listdir(".")' }]);
  });

  it('gives those whose ending the code names, and a word', async () => {
    const many = Array.from({ length: MAX_LISTED_FILES }, (_, index) => [`${index}.tmp`, 1]);
    const { files: found, skipped } = await needsOf(
      ['f = [f for f in os.listdir(".") if f.endswith(".csv")]'],
      { ...Object.fromEntries(many), 'x.csv': 1 }
    );
    expect(found.map(({ path }) => path)).toEqual(['x.csv']);
    expect(skipped).toHaveLength(1);
  });
});
