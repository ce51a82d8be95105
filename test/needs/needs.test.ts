import { describe, expect, it } from 'vitest';

import { MAX_ENTRIES } from '../../src/needs/folderView';
import { notebookNeeds } from '../../src/needs/needs';
import { MAX_SOURCE_LENGTH } from '../../src/needs/search';
import { memoryFolder } from './memoryFolder';
import { filesOf, needsOf, notebookOf } from './needsOf';

describe('what a cell imports', () => {
  it('is taken with all that it imports and names', async () => {
    const files = {
      'a.py': 'import b\nfrom pkg.sub import c\nimport numpy',
      'b.py': 'import a\nopen("params.json")',
      'unused.py': '',
      'params.json': '{}',
      'pkg/__init__.py': '',
      'pkg/unused.py': 'import unused',
      'pkg/table.csv': '',
      'pkg/.hidden': '',
      'pkg/__pycache__/x.pyc': '',
      'pkg/.ipynb_checkpoints/x-checkpoint.py': '',
      'pkg/sub/__init__.py': 'from . import c',
      'pkg/sub/c.py': 'from ..deep.d import e\nimport top',
      'pkg/deep/d.py': '',
      'top.py': 'x = "more/data.txt"',
      'more/data.txt': ''
    };
    expect(await filesOf('import a', files)).toEqual([
      'import a.py',
      'import b.py',
      'literal more/data.txt',
      'literal params.json',
      'import pkg/__init__.py',
      'import pkg/deep/d.py',
      'import pkg/sub/__init__.py',
      'import pkg/sub/c.py',
      'import pkg/table.csv',
      'import pkg/unused.py',
      'import top.py'
    ]);
  });

  it.each<[string, string[]]>([
    ['%%px\nimport a', ['import a.py']],
    ['%%px --local\nimport a', ['import a.py']],
    ['%%px --targets ::2\n%%time\nimport a', ['import a.py']],
    ['%px import a', ['import a.py']],
    ['with rc[:].sync_imports():\n    import a', ['import a.py']],
    ['view.execute("import a")', ['import a.py']],
    ['@ipp.require("a")\ndef f(): pass', ['import a.py']],
    ['%load_ext a', ['import a.py']],
    ['%aimport a', ['import a.py']],
    ['x = f(\nimport a', ['import a.py']],
    ['!pip install a "\nimport a', ['import a.py']],
    ['%%bash\nimport a', []],
    ['%%writefile b.py\nimport a', []],
    ['# import a', []],
    ['import A', []],
    ['from . import nothing', []],
    ['from .. import a', []]
  ])('%j', async (source, needed) => {
    expect(await filesOf(source, { 'a.py': '' })).toEqual(needed);
  });
});

describe('what %run runs', () => {
  const files = {
    'x.py': 'import a',
    'a.py': '',
    's/y.py': 'import beside, a',
    's/beside.py': '',
    'my script $1.py': '',
    'in.csv': '',
    'other.ipynb': JSON.stringify({
      nbformat: 4,
      cells: [{ cell_type: 'code', source: '%run -i x.py\n!ls "' }]
    }),
    'z.ipy': '!ls "\nimport a'
  };

  it.each<[string, string[]]>([
    ['%run x.py', ['import a.py', 'run x.py']],
    ['%run x', ['import a.py', 'run x.py']],
    ['%run -i x.py in.csv 3', ['import a.py', 'literal in.csv', 'run x.py']],
    ['%run ./x.py', ['import a.py', 'run x.py']],
    ['%run s/y', ['import a.py', 'import s/beside.py', 'run s/y.py']],
    ['%run "my script $1.py"', ['run my script $1.py']],
    ['%run -m a', ['import a.py']],
    ['%run other.ipynb', ['import a.py', 'run other.ipynb', 'run x.py']],
    ['%run z.ipy', ['import a.py', 'run z.ipy']],
    ['%%px\n%run x.py', ['import a.py', 'run x.py']],
    ['%px %run x.py', ['import a.py', 'run x.py']],
    ['%time %run x.py', ['import a.py', 'run x.py']],
    ['if 1:\n    %run x.py', ['import a.py', 'run x.py']],
    ['x = 1\r\n%run x.py\r\n', ['import a.py', 'run x.py']],
    ['subprocess.run(["python", "x.py"])', ['import a.py', 'literal x.py']],
    ['rc[:].run("s/y.py")', ['import a.py', 'import s/beside.py', 'literal s/y.py']],
    ['%load x.py', ['import a.py', 'literal x.py']],
    ['%cd s', ['literal s/beside.py', 'literal s/y.py']],
    ['%run', []],
    ['%run s', []],
    ['%run nothing.py', []],
    ['%run n.ipynb', []],
    ['!python x.py', ['import a.py', 'literal x.py']],
    ['"""\n%run x.py\n"""', []],
    ['%%bash\n%run x.py', ['import a.py', 'literal x.py']],
    ['%%html\n%run x.py', []],
    ['x = 5\\\n%run', []]
  ])('%j', async (source, needed) => {
    expect(await filesOf(source, files)).toEqual(needed);
  });
});

describe('strings', () => {
  const files = {
    'x.csv': 3,
    'data/a.csv': 4,
    'data/run_1.npy': 5,
    'data/deep/b.csv': 6,
    'store.zarr/.zarray': 7,
    'n.ipynb': 8,
    'other.ipynb': 9,
    'A b$;"ü\\.txt': 10,
    '-x': 11,
    '.env': 12,
    k: 13,
    '.git/config': 14,
    'data[1].csv': 15
  };

  it.each<[string, string[]]>([
    ['"x.csv"', ['x.csv']],
    ['"./x.csv"', ['x.csv']],
    ['open(r"x.csv"); f"x.csv"', ['x.csv']],
    ['"data/a.csv"', ['data/a.csv']],
    ['"data/../x.csv"', ['x.csv']],
    ['"data/deep/"', ['data/deep/b.csv']],
    ['"data"', ['data/a.csv', 'data/deep/b.csv', 'data/run_1.npy']],
    ['Path("data") / "a.csv"', ['data/a.csv', 'data/deep/b.csv', 'data/run_1.npy']],
    ['"store.zarr"', ['store.zarr/.zarray']],
    ['glob("data/*.csv")', ['data/a.csv']],
    ['glob("*.csv")', ['data[1].csv', 'x.csv']],
    ['"data[1].csv"', ['data[1].csv']],
    ['Path(".").rglob("*.csv")', ['data/a.csv', 'data/deep/b.csv', 'data[1].csv', 'x.csv']],
    ['glob("*.ipynb")', ['other.ipynb']],
    ['f"data/run_{i}.npy"', ['data/run_1.npy']],
    ['"data/run_%d.npy" % i', ['data/run_1.npy']],
    ['"data/run_{}.npy".format(i)', ['data/run_1.npy']],
    ['"data/run_" + str(i) + ".npy"', ['data/run_1.npy']],
    ['os.path.join(here, "deep", f"{name}.csv")', ['data/deep/b.csv']],
    ['print("a" + str(i) + " run.")', []],
    [`'A b$;"ü\\\\.txt'`, ['A b$;"ü\\.txt']],
    ['"-x", ".env", "k"', ['-x', '.env', 'k']],
    ['"x" ".csv"', ['x.csv']],
    ['%time pd.read_csv("x.csv")', ['x.csv']],
    ['%%timeit d = open("x.csv")\nopen("data/a.csv")', ['data/a.csv', 'x.csv']],
    ['x = %timeit -o open("x.csv")', ['x.csv']],
    ['f(open("x.csv")\n', ['x.csv']]
  ])('%s', async (source, paths) => {
    expect((await needsOf(source, files)).files.map(({ path }) => path)).toEqual(paths);
  });

  it.each([
    '""',
    '"."',
    '"./"',
    '"/"',
    '"n.ipynb"',
    '"./n.ipynb"',
    '"X.CSV"',
    'b"x.csv"',
    '# "x.csv"',
    '"x.csv\\n"',
    '"""\nx.csv\n"""',
    '"see x.csv"',
    'f"{x}.csv"',
    '"*"',
    '"data/nothing"',
    '".git/config"',
    '"http://x.csv"',
    'x.csv'
  ])('none: %j', async source => {
    expect((await needsOf(source, files)).files).toEqual([]);
  });

  it('have sizes, and are named once, for what asked first', async () => {
    const { files: found } = await needsOf(['"a.py"', 'import a\n"a.py"', '"x.csv"'], {
      'a.py': 'x',
      'x.csv': 12
    });
    expect(found).toEqual([
      { path: 'a.py', bytes: 1, why: 'literal' },
      { path: 'x.csv', bytes: 12, why: 'literal' }
    ]);
  });

  it('name a folder that is also a package: with its hidden files', async () => {
    const files_ = { 'p/__init__.py': '', 'p/.conf': '' };
    expect(await filesOf(['import p', '"p"'], files_)).toEqual([
      'literal p/.conf',
      'import p/__init__.py'
    ]);
  });
});

describe('folders that have to be there', () => {
  it.each<[string, string[]]>([
    ['plt.savefig("figures/a.png")', ['figures']],
    ['plt.savefig(f"figures/{i}.png")', ['figures']],
    ['plt.savefig("figures/%d.png" % i)', ['figures']],
    ['plt.savefig("figures/deep/a.png")', ['figures/deep']],
    ['"figures"', ['figures/deep']],
    ['"empty"', ['empty']],
    ['"data/new.csv"', ['data']],
    ['"data/a.csv", "data/new.csv"', []],
    ['"nowhere/a.png"', []],
    ['"a.png"', []],
    ['"../figures/a.png"', []],
    ['f"{x}/a.png"', []]
  ])('%s', async (source, folders) => {
    const found = await needsOf(source, { 'figures/deep/': 0, 'empty/': 0, 'data/a.csv': 1 });
    expect(found.folders).toEqual(folders);
  });
});

describe('files that are written outside', () => {
  const outside = ['../figures/', '../figures/old.png', '../../far/', '/scratch/me/', '~/runs/'];

  it.each<[string, string[], string[]]>([
    ['open("../figures/plot.png", "w")', ['../figures'], []],
    ['savefig(f"../figures/{name}.png")', ['../figures'], ['../figures/*.png']],
    ['savefig("../figures/old.png")', ['../figures'], ['../figures/old.png']],
    ['glob("../figures/*.png")', [], ['../figures/*.png']],
    ['(Path("..") / "figures" / "a.png").write_bytes(x)', ['../figures'], []],
    ['OUT = "../figures"\nsavefig(os.path.join(OUT, "a.png"))', ['../figures'], ['../figures']],
    [
      'OUT = "../figures"\nsavefig(f"{OUT}/{i}.png")',
      ['../figures'],
      ['../figures', '../figures/*.png']
    ],
    [
      'root = Path.cwd().parent\nout = root / "figures"\nopen(out / "a.png", "w")',
      ['../figures'],
      ['../figures']
    ],
    ['root = os.path.dirname(os.getcwd())\nopen(root + "/figures/a.png", "w")', ['../figures'], []],
    ['Path("../figures").joinpath("a.png").touch()', ['../figures'], ['../figures']],
    ['OUT = "../figures"\nOUT = here()\nopen(f"{OUT}/a.png", "w")', [], ['../figures']],
    ['df.to_csv("../new.csv")', [], []],
    ['df.to_csv("../nowhere/new.csv")', [], []],
    ['df.to_csv("../../far/new.csv")', [], ['../../far/new.csv']],
    ['df.to_csv("/scratch/me/new.csv")', [], ['/scratch/me/new.csv']],
    ['df.to_csv("~/runs/new.csv")', [], ['~/runs/new.csv']],
    ['df.to_csv("/scratch/nobody/new.csv")', [], []],
    ['df.to_csv("/tmp/new.csv")', [], []]
  ])('%s', async (source, folders, missed) => {
    const needs = await needsOf(source, {}, outside);
    expect(needs.folders).toEqual(folders);
    expect(needs.notTakenAlong.map(({ literal }) => literal)).toEqual(missed);
  });

  it('are known by a variable of another cell', async () => {
    const needs = await needsOf(
      ['out = Path("..") / "figures"', 'open(out / "a", "w")'],
      {},
      outside
    );
    expect(needs.folders).toEqual(['../figures']);
  });

  it('are inside where the way leads back', async () => {
    const folder = { ...memoryFolder({ 'x.csv': 1, 'figures/': 0 }), name: 'notebooks' };
    const cells = notebookOf('"../notebooks/x.csv"', 'f"../notebooks/figures/{i}.png"');
    const needs = await notebookNeeds(cells, 'n.ipynb', folder);
    expect(needs.files.map(({ path }) => path)).toEqual(['x.csv']);
    expect(needs.folders).toEqual(['figures']);
  });
});

describe('not taken along', () => {
  it('is what exists outside, with the place where it was met first', async () => {
    const files = { 'a.py': 'open("../b.csv")' };
    const { notTakenAlong } = await needsOf(
      [
        'import a',
        'open("../b.csv"); open("/scratch/x.csv")',
        'np.load(f"~/runs/{i}.npy")',
        '%run ../y'
      ],
      files,
      ['../b.csv', '/scratch/x.csv', '~/runs', '../y.py']
    );
    expect(notTakenAlong).toEqual([
      { cell: null, file: 'a.py', literal: '../b.csv', why: 'outside' },
      { cell: 2, file: null, literal: '/scratch/x.csv', why: 'absolute' },
      { cell: 3, file: null, literal: '~/runs/*.npy', why: 'absolute' },
      { cell: 4, file: null, literal: '../y.py', why: 'outside' }
    ]);
  });

  it.each([
    '"../nothing.csv"',
    '"/dev/null"',
    '"/"',
    '"/tmp"',
    '"text/html"',
    '"/api/v1"',
    '"~"',
    '"and .. so"',
    '"https://x.org/"',
    'r"/\\d+/"',
    '# "../b.csv"'
  ])('never %j', async source => {
    const outside = ['../b.csv', '/dev/null', '/', '/tmp', '~', '..'];
    expect((await needsOf(source, {}, outside)).notTakenAlong).toEqual([]);
  });
});

describe('ipyparallel is used', () => {
  it.each([
    'import ipyparallel',
    'import ipyparallel as ipp',
    'import numpy, ipyparallel.client',
    'from ipyparallel import Client',
    'from ipyparallel.joblib import register',
    'importlib.import_module("ipyparallel")',
    'with x:\n    import ipyparallel',
    '%%px\nx = 1',
    '%%px --local\nx',
    '%%time\n%%px\nx',
    '%%px\n%%bash\nls',
    '%px x = 1',
    'x = 1\n%px y',
    '%autopx',
    '%pxconfig --progress-after -1',
    '%pxresult',
    '%%px_low\nx',
    '%load_ext ipyparallel',
    '%reload_ext ipyparallel',
    'import a',
    '%run a.py',
    `import ipyparallel\n${'x = 1\n'.repeat(40_000)}`,
    `%%px\n${'x = 1\n'.repeat(40_000)}`
  ])('%s', async source => {
    expect(
      (await needsOf(source, { 'a.py': 'from ipyparallel import Client' })).usesIpyparallel
    ).toBe(true);
  });

  it.each([
    '',
    'import numpy',
    '# import ipyparallel',
    '"ipyparallel"',
    'import ipyparallel_extras',
    'from .ipyparallel import x',
    'import a',
    '"""\n%%px\n"""',
    '%matplotlib inline',
    '%%bash\nimport ipyparallel',
    '%%writefile x.py\nimport ipyparallel',
    '!pip install ipyparallel',
    'px = 3 % px'
  ])('not: %j', async source => {
    expect((await needsOf(source, { 'a.py': '# ipyparallel' })).usesIpyparallel).toBe(false);
  });
});

describe('what is left unread', () => {
  it('a cell that is too large is named, the others are read', async () => {
    const large = `"x.csv"\n${'#'.repeat(MAX_SOURCE_LENGTH)}`;
    const { files, skipped } = await needsOf([large, '"y.csv"'], { 'x.csv': 1, 'y.csv': 1 });
    expect(files.map(({ path }) => path)).toEqual(['y.csv']);
    expect(skipped).toEqual([{ cell: 1, file: null, why: 'too-large', named: null }]);
  });

  it('a cell at the limit is read', async () => {
    const { files, skipped } = await needsOf('"x.csv"#'.padEnd(MAX_SOURCE_LENGTH, '#'), {
      'x.csv': 1
    });
    expect([files.length, skipped]).toEqual([1, []]);
  });

  it('a module that is too large is taken all the same, and not even fetched where its size says so', async () => {
    const files = { 'a.py': `import b${' '.repeat(MAX_SOURCE_LENGTH)}`, 'c.py': 1e9, 'b.py': '' };
    const folder = memoryFolder(files);
    const needs = await notebookNeeds(notebookOf('import a, c'), 'n.ipynb', folder);
    expect(needs.files.map(({ path }) => path)).toEqual(['a.py', 'c.py']);
    expect(needs.skipped).toEqual([
      { cell: null, file: 'a.py', why: 'too-large', named: null },
      { cell: null, file: 'c.py', why: 'too-large', named: null }
    ]);
    expect(folder.asked.read).toEqual(['a.py']);
  });

  it('a folder with too many files is named', async () => {
    const files = Object.fromEntries(
      Array.from({ length: MAX_ENTRIES + 1 }, (_, index) => [`d/${index}.csv`, 1])
    );
    const { files: found, skipped } = await needsOf(
      ['"d"', '"d"', '"d/1.csv"', '"d/*.csv"'],
      files
    );
    expect(found.map(({ path }) => path)).toEqual(['d/1.csv']);
    expect(skipped).toEqual([
      { cell: 1, file: null, why: 'too-many', named: 'd' },
      { cell: 4, file: null, why: 'too-many', named: 'd/*.csv' }
    ]);
  });

  it('a module that cannot be read, and code that is none, are taken as they are', async () => {
    const files = { 'a.py': 5, 'b.py': '\0\uFFFD)))"', 'c.ipynb': 'x' };
    expect(await filesOf('import a, b\n%run c.ipynb', files)).toEqual([
      'import a.py',
      'import b.py',
      'run c.ipynb'
    ]);
  });

  it.each(['r', 'julia', 'sage', 'pythonic', ''])('language %j', async language => {
    const notebook = { ...notebookOf('"x.csv"\n%%px'), language };
    const needs = await notebookNeeds(notebook, 'n.ipynb', memoryFolder({ 'x.csv': 1 }));
    expect(needs).toEqual({
      language,
      kernel: 'python3',
      usesIpyparallel: false,
      usesMpi: false,
      enginesAsked: 0,
      files: [],
      folders: [],
      notTakenAlong: [],
      skipped: []
    });
  });

  it.each(['python', 'ipython', 'python3'])('but not %j', async language => {
    const notebook = { ...notebookOf('"x.csv"'), language };
    const { files } = await notebookNeeds(notebook, 'n.ipynb', memoryFolder({ 'x.csv': 1 }));
    expect(files).toHaveLength(1);
  });
});

describe('large folders', () => {
  it('2,000 files are asked for once each', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [`data/${index}.npy`, index])
    );
    const folder = memoryFolder(files);
    const cells = notebookOf('"data"', 'f"data/{i}.npy"', '"data/7.npy"', 'glob("data/*")');
    const needs = await notebookNeeds(cells, 'n.ipynb', folder);
    expect(needs.files).toHaveLength(2000);
    expect(folder.asked).toEqual({ stat: 2001, list: 2, read: [] });
  });

  it('thousands of words cost no more than the listing of one folder', async () => {
    const words = Array.from({ length: 5000 }, (_, index) => `"word ${index}"`).join(',\n');
    const folder = memoryFolder({ 'x.csv': 1 });
    await notebookNeeds(notebookOf(`[${words}]`), 'n.ipynb', folder);
    expect(folder.asked).toEqual({ stat: 0, list: 1, read: [] });
  });
});
