import { describe, expect, it } from 'vitest';

import { isParallelMagic, readCell } from '../../src/needs/cellSource';

const magicsOf = (source: string): string[] =>
  readCell(source).magics.map(({ name, argument }) => `${name}|${argument}`);

describe('a cell that is Python', () => {
  it.each([
    '',
    '\n\n',
    'x = 1',
    'x = 5 % 3',
    'x = (5\n  % 3)',
    'x = 5 \\\n  % y',
    'x = [\n%run,\n!ls\n]',
    'if a != b:\n    pass',
    'x = a != b',
    'x = a!=b',
    'x = a if b else c',
    's = """\n%run x.py\n!ls\nobj?\n%%bash\n"""',
    "s = '''\n%%html\n'''",
    's = "%d" % 3',
    's = "a\\\n%run x.py"',
    's = "why?"',
    'print("why?")',
    '# why?',
    'x = 1  # is it?',
    '# %run x.py',
    '# x = !ls',
    'f(a=1,\n  b="%x")',
    'x %= 3',
    'x = y = 3',
    'lambda x=1: x % 2',
    's = "it\'s (" + \'"\'',
    "s = 'a' '''\n%run x.py\n'''",
    'r"\\"\n',
    '@decorator\ndef f(): pass',
    'a @ b',
    'x: int = 3 if a <= b >= c == d else -1',
    'f"{x!r}"',
    'f"{", ".join(x)}"\ny = 1'
  ])('stays as it is: %j', source => {
    expect(readCell(source)).toEqual({ python: source, magics: [], shell: [] });
  });
});

describe('line magics and commands', () => {
  it.each<[string, string, string[]]>([
    ['%matplotlib inline', '0                 ', ['matplotlib|inline']],
    ['%x', '0 ', ['x|']],
    ['!ls', '0  ', []],
    ['!', '0', []],
    ['!!ls -l', '0      ', []],
    ['!echo it\'s ( "\nx = 1', '0             \nx = 1', []],
    ['!ls\r\nx = "a"\r\n', '0  \r\nx = "a"\r\n', []],
    ['!ls\rx = "a"', '0  \rx = "a"', []],
    ['x = 1\n%run a.py\ny', 'x = 1\n0        \ny', ['run|a.py']],
    ['if x:\n    %run a.py\n    !ls', 'if x:\n    0        \n    0  ', ['run|a.py']],
    ['%run "a b.py" 3', '0              ', ['run|"a b.py" 3']],
    ['%run \\\n  a.py', '0     \n      ', ['run|a.py']],
    ['!ls \\\n  "x', '0    \n    ', []],
    ['x = %env HOME', 'x = 0        ', ['env|HOME']],
    ['x = !ls "a', 'x = 0     ', []],
    ['x=!ls', 'x=0  ', []],
    ['x, y =  !ls', 'x, y =  0  ', []],
    ['x[a == "]"] = !ls', 'x[a == "]"] = 0  ', []],
    ['f(a=1).b = %pwd', 'f(a=1).b = 0   ', ['pwd|']],
    ['f = !ls (\nimport a', 'f = 0    \nimport a', []],
    ['obj?', '0   ', []],
    ['obj??', '0    ', []],
    ['a.b[0]?\nx', '0      \nx', []],
    ['?obj', '0   ', []],
    ['??obj', '0    ', []],
    ['  obj?', '  0   ', []],
    ['%run?', '0    ', ['run?|']],
    ['*.csv?', '0     ', []],
    [',f a b', '0     ', []],
    [';f a b', '0     ', []],
    ['/f a b', '0     ', []],
    ['x = (1,\n  2)\n%run a.py', 'x = (1,\n  2)\n0        ', ['run|a.py']],
    ['s = """\n%a\n"""\n%run b', 's = """\n%a\n"""\n0     ', ['run|b']],
    ['x = ")"\n%run b', 'x = ")"\n0     ', ['run|b']],
    ['# it\'s ( "\n%run b', '# it\'s ( "\n0     ', ['run|b']],
    ['f"{f("x")}"\n%run b', 'f"{f("x")}"\n0     ', ['run|b']],
    ['# a\n%%px\nx', '# a\n0   \nx', ['px|']],
    ['%größe 数', '0       ', ['größe|数']]
  ])('%j', (source, python, magics) => {
    expect(readCell(source).python).toBe(python);
    expect(magicsOf(source)).toEqual(magics);
  });

  it.each<[string, string]>([
    ['%time x = f("a")', '0;    x = f("a")'],
    ['%timeit f("a")', '0;      f("a")'],
    ['%timeit -n 10 -r3 f("a")', '0;                f("a")'],
    ['%timeit -qo f("a")', '0;          f("a")'],
    ['%timeit -n10 -x', '0;           -x'],
    ['%prun -s cumulative -l 5 f("a")', '0;                       f("a")'],
    ['%px import a', '0;  import a'],
    ['%px_low import a', '0;      import a'],
    ['  %time f()', '  0;    f()'],
    ['x = %time f("a")', 'x =       f("a")'],
    ['x = %timeit -o f("a",\n "b")', 'x =            f("a",\n "b")'],
    ['%time f("a",\n%run b)', '0;    f("a",\n%run b)'],
    ['%time !ls "', '0;    0    '],
    ['%px %run a.py', '0;  0        '],
    ['%time \\\n f("a")', '0;    \\\n f("a")'],
    ['%time', '0    '],
    ['%px  ', '0    '],
    ['%capture x', '0         '],
    ['%pxresult', '0        '],
    ['%pxconfig --block', '0                ']
  ])('that run a statement leave it: %j', (source, python) => {
    expect(readCell(source).python).toBe(python);
  });

  it('says all magics of a line', () => {
    expect(magicsOf('%px %run a.py')).toEqual(['px|%run a.py', 'run|a.py']);
  });
});

describe('cell magics', () => {
  it.each<[string, string, string[]]>([
    ['%%px\nimport a', '0   \nimport a', ['px|']],
    ['%%px --local\nimport a', '0           \nimport a', ['px|--local']],
    [
      '%%px --targets 0:4 --noblock\nx',
      '0                           \nx',
      ['px|--targets 0:4 --noblock']
    ],
    ['%%px -o a = "(\nx', '0             \nx', ['px|-o a = "(']],
    ['%%px_low\nx', '0       \nx', ['px_low|']],
    ['%%px0\nx', '0    \nx', ['px0|']],
    ['%%time\nx', '0     \nx', ['time|']],
    ['%%capture out --no-stderr\nx', '0                        \nx', ['capture|out --no-stderr']],
    ['%%timeit\nx', '0       \nx', ['timeit|']],
    ['%%timeit x = open("a")\ny', '0;       x = open("a")\ny', ['timeit|x = open("a")']],
    ['%%timeit -n 1 -r 1 f()\ny', '0;                 f()\ny', ['timeit|-n 1 -r 1 f()']],
    ['%%timeit -n 1\ny', '0            \ny', ['timeit|-n 1']],
    ['%%prun -D out.prof f()\ny', '0;                 f()\ny', ['prun|-D out.prof f()']],
    ['\n \n%%px\nx', '\n \n0   \nx', ['px|']],
    ['  %%px\n  x', '  0   \n  x', ['px|']],
    ['%%px\r\nimport a\r\n', '0   \r\nimport a\r\n', ['px|']],
    ['%%px\n%%time\nx', '0   \n0     \nx', ['px|', 'time|']],
    ['%%time\n\n%%px --block\nx', '0     \n\n0           \nx', ['time|', 'px|--block']],
    ['%%px\n%run a.py\n!ls', '0   \n0        \n0  ', ['px|', 'run|a.py']],
    ['%%px', '0   ', ['px|']],
    ['%%px?\nx', '0    \nx', ['px?|']]
  ])('that leave Python: %j', (source, python, magics) => {
    expect(readCell(source).python).toBe(python);
    expect(magicsOf(source)).toEqual(magics);
  });

  it.each([
    '%%bash\nls "',
    '%%html\n<a title="""',
    '%%writefile a.py\nimport b',
    '%%javascript\nimport a',
    '%%sh',
    '%%!\nls',
    '%%script bash\nls',
    '%%latex\n%run',
    '%%sql\nselect "a.csv"',
    '%%cython\nimport a',
    '%%R\n"a.csv"',
    '%%timex\nx',
    '%%pxresult\nx',
    '%%pxconfig\nx',
    '\n%%bash\nls',
    '%%px\n%%bash\nls',
    '%%time\n%%writefile x\nimport a',
    '%%bash\r\nls'
  ])('that leave none: %j', source => {
    expect(readCell(source).python).toBeNull();
  });

  it('keeps the magics above a body that is not Python', () => {
    expect(magicsOf('%%px\n%%bash\nls')).toEqual(['px|', 'bash|']);
  });
});

describe('whatever the cell', () => {
  const pieces = [
    '%',
    '%%px',
    '!',
    '?',
    '=',
    '"',
    "'''",
    '"""',
    '\\',
    '\n',
    '\r\n',
    '(',
    ']',
    ' ',
    'x',
    '#',
    '{',
    '%time ',
    '%run a',
    ';',
    ':',
    'f"'
  ];

  it('offsets and lines stay what they are', () => {
    // A fixed sequence (Lehmer) instead of chance, so that a failure comes back.
    let state = 7;
    const next = (below: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    for (let round = 0; round < 4000; round += 1) {
      const source = Array.from({ length: next(14) }, () => pieces[next(pieces.length)]).join('');
      const { python } = readCell(source);
      if (python !== null) {
        expect(python.replace(/[^\r\n]/g, '.'), JSON.stringify(source)).toBe(
          source.replace(/[^\r\n]/g, '.')
        );
      }
    }
  });

  it.each([
    ['one long string', `"""${'a"'.repeat(100_000)}`],
    ['quotes', '"'.repeat(200_000)],
    ['brackets', '('.repeat(200_000)],
    ['percent signs', `x\n${'%'.repeat(200_000)}`],
    ['backslashes', '\\\n'.repeat(100_000)],
    ['a long command', `!${'x \\\n'.repeat(50_000)}`],
    ['blanks', ' '.repeat(200_000)],
    ['blank lines', '\n'.repeat(200_000)],
    ['options', `%timeit ${'-n 1 '.repeat(40_000)}`],
    ['equal signs', 'x = '.repeat(50_000)],
    ['question marks', '?'.repeat(200_000)],
    ['magics', '%time f()\n'.repeat(20_000)],
    ['commands', '!x\n'.repeat(66_000)],
    ['lines', 'x = 1\n'.repeat(33_000)]
  ])('200 kB are read: %s', (_, source) => {
    expect(readCell(source).python).toHaveLength(source.length);
  });
});

describe('isParallelMagic', () => {
  it.each(['px', 'pxresult', 'pxconfig', 'autopx', 'px_low', 'px0', 'autopx_low'])('%s', name => {
    expect(isParallelMagic(name)).toBe(true);
  });

  it.each(['', 'p', 'time', 'matplotlib', 'auto', 'xpx'])('not %j', name => {
    expect(isParallelMagic(name)).toBe(false);
  });
});

describe('what a shell runs', () => {
  it.each<[string, string[]]>([
    ['!ls', ['ls']],
    ['!!ls *.csv', ['ls *.csv']],
    ['x = !cat a.csv', ['cat a.csv']],
    ['if 1:\n    !cat a \\\n b', ['cat a   b']],
    ['%%bash\ncat a\ncat b', ['\ncat a\ncat b']],
    ['%%px\n%%sh --out x\ncat a', ['\ncat a']],
    ['%%script --bg /bin/bash -e\ncat a', ['\ncat a']],
    ['%%sx\ncat a', ['\ncat a']],
    ['%%ruby\ncat a', []],
    ['%%script ruby\n!cat a', []],
    ['"!cat a"', []],
    ['x != y', []]
  ])('%j', (source, shell) => {
    expect(readCell(source).shell).toEqual(shell);
  });

  it('but another Python runs Python', () => {
    expect(readCell('%%python3\nimport a').python).toContain('import a');
    expect(readCell('%%script python -u\nimport a').python).toContain('import a');
  });
});
