import { describe, expect, it } from 'vitest';

import { readPython } from '../../src/needs/pythonReader';

function importsOf(text: string): string[] {
  return readPython(text).imports.map(
    ({ level, module, names }) => `${'.'.repeat(level)}${module}:${names.join(',')}`
  );
}

function literalsOf(text: string): string[] {
  return readPython(text).literals.map(parts => parts.join('<>'));
}

describe('imports', () => {
  it.each<[string, string[]]>([
    ['import a', ['a:']],
    ['import a.b.c', ['a.b.c:']],
    ['import a as x, b.c as y, d', ['a:', 'b.c:', 'd:']],
    ['import a; import b', ['a:', 'b:']],
    ['import \\\n  a', ['a:']],
    ['from a import b', ['a:b']],
    ['from a.b import c as d, e', ['a.b:c,e']],
    ['from a import *', ['a:']],
    ['from a import (\n  b,  # why\n  c,\n)', ['a:b,c']],
    ['from . import a', ['.:a']],
    ['from .. import a, b', ['..:a,b']],
    ['from .a.b import c', ['.a.b:c']],
    ['from ...a import b', ['...a:b']],
    ['from .... import b', ['....:b']],
    ['from größe import maß', ['größe:maß']],
    ['try:\n    import a\nexcept ImportError:\n    import b', ['a:', 'b:']],
    ['def f():\n  async def g():\n    import a', ['a:']],
    ['import a\r\nfrom b import c\r\n', ['a:', 'b:c']],
    ['import a\rimport b', ['a:', 'b:']],
    ['   import a\n   import b', ['a:', 'b:']],
    ['>>> import a\n>>> import b', ['a:', 'b:']],
    ['with rc[:].sync_imports():\n    import numpy, mine', ['numpy:', 'mine:']]
  ])('%j', (text, imports) => {
    expect(importsOf(text)).toEqual(imports);
  });

  it.each<[string, string[]]>([
    ['importlib.import_module("a")', ['a:']],
    ['import_module("a.b")', ['a.b:']],
    ['__import__("a")', ['a:']],
    ['importlib.import_module(name="a")', ['a:']],
    ['importlib.import_module(".a", package="b")', ['b.a:']],
    ['importlib.import_module(".a", "b")', ['b.a:']],
    ['importlib.import_module(".a", __package__)', ['.a:']],
    ['importlib.import_module("..a", "b.c")', ['..a:']],
    ['x = [import_module("a") for i in y]', ['a:']],
    ['@ipp.require("numpy", "mine")\ndef f(): pass', ['numpy:', 'mine:']],
    ['@require("mine", g)\ndef f(): pass', ['mine:']],
    ['ipp.require("mine")(f)', ['mine:']],
    ['view.execute("import mine; x = 1")', ['mine:']],
    ['rc[:].execute("""\nfrom mine import f\n""", block=True)', ['mine:f']],
    ['exec("import a")', ['a:']],
    ['view.execute("view.execute(\'import a\')")', ['a:']]
  ])('by a call: %j', (text, imports) => {
    expect(importsOf(text)).toEqual(imports);
  });

  it.each([
    '',
    '# import a',
    '"import a"',
    '"""\nimport a\n"""',
    'x = f"import {a}"',
    'import',
    'from',
    'from import',
    'importlib.import_module(name)',
    'importlib.import_module("a" + b)',
    'importlib.import_module(f"{a}.b")',
    'importlib.import_module(b"a")',
    'importlib.import_module()',
    'import_module',
    'require("a" if b else "c")',
    'important("a")',
    'cursor.execute("select * from a")',
    'print("import a")'
  ])('none in %j', text => {
    expect(importsOf(text)).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['import a.\nimport b', ['a:', 'b:']],
    ['from a import b as\nimport c', ['a:b', 'c:']],
    ['for x in\n  import a\nfrom b import c', ['a:', 'b:c']],
    ['def f()\n  from a import (b\nimport c', ['a:b', 'c:']],
    ['x = "open\nimport a', ['a:']],
    ['x = [1, 2\nimport a', ['a:']],
    ['else:\nimport a', ['a:']],
    ['print "hello %s" % x\nimport a', ['a:']],
    ['x = 1 +* 2\nimport a', ['a:']]
  ])('found beside a syntax error: %j', (text, imports) => {
    expect(importsOf(text)).toEqual(expect.arrayContaining(imports));
  });
});

describe('literals', () => {
  it.each<[string, string[]]>([
    ['"x.csv"', ['x.csv']],
    ["'x.csv'", ['x.csv']],
    ['"""x.csv"""', ['x.csv']],
    ["'''x.csv'''", ['x.csv']],
    ['r"a\\b"', ['a\\b']],
    ['R"a\\"b"', ['a\\"b']],
    ['u"x"', ['x']],
    ['""', ['']],
    ['"" ""', ['']],
    [`"it's"`, ["it's"]],
    [`'say "x"'`, ['say "x"']],
    ['"a b;$c"', ['a b;$c']],
    ['"größe/数据.csv"', ['größe/数据.csv']],
    ['"😀.csv"', ['😀.csv']],
    ['"-x"', ['-x']],
    ['"a\\\\b"', ['a\\b']],
    ['"a\\"b\\\'c"', ['a"b\'c']],
    ['"\\x41\\101\\u0042\\U00000043"', ['AABC']],
    ['"\\N{BULLET}x"', ['\uFFFDx']],
    ['"\\U99999999"', ['\uFFFD']],
    ['"a\\nb\\tc\\0"', ['a\nb\tc\0']],
    ['"\\d+\\.csv"', ['\\d+\\.csv']],
    ['"a\\\nb"', ['ab']],
    ['"a\\\r\nb"', ['ab']],
    ['"""a\nb"""', ['a\nb']],
    ['"a" "b" \'c\'', ['abc']],
    ['("a/"\n "b")', ['a/b']],
    ['f"x.csv"', ['x.csv']],
    ['f"{{x}}"', ['{x}']],
    ['rf"a\\b"', ['a\\b']],
    ['f"a/{b}.csv"', ['a/<>.csv']],
    ['f"{a}{b}"', ['<><>']],
    ['f"a\\x41{b!r:>{w}}c"', ['aA<>c']],
    ['f"a/{b}" ".csv"', ['a/<>.csv']],
    ['"a/" f"{b}" f"{c}.csv"', ['a/<><>.csv']],
    [`f'{x["a.csv"]}'`, ['<>', 'a.csv']],
    ['f"{x["a.csv"]}"', ['<>', 'a.csv']],
    ['Path("a") / "b.csv"', ['a/b.csv', 'a', 'b.csv']],
    ['"run" + str(i) + ".csv"', ['run<>.csv', 'run', '.csv']],
    ['os.path.join("a", f"{i}.csv")', ['a/<>.csv', 'a', '<>.csv']],
    ['a + b', []],
    ['str(i)', []],
    ['{"a": ["b"]}', ['a', 'b']],
    ['Path(".").rglob("*.csv")', ['.', '**/*.csv']],
    ['Path(".").glob("*.csv")', ['.', '*.csv']],
    ['match x:\n  case "a.csv": pass', ['a.csv']],
    ['open("unclosed', ['unclosed']],
    ['x = (open("a.csv")\ny = 3', ['a.csv']]
  ])('%j', (text, literals) => {
    expect(literalsOf(text)).toEqual(literals);
  });

  it.each(['', '# "x"', 'b"x"', 'rb"x"', 'B"x" b"y"', 'x', '1'])('none in %j', text => {
    expect(literalsOf(text)).toEqual([]);
  });
});

describe('hostile text', () => {
  it.each([
    ['brackets', '('.repeat(200_000)],
    ['nested lists', `x = ${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['a long sum', `x = ${'1+'.repeat(90_000)}1`],
    ['a long string', `x = "${'a'.repeat(199_000)}"`],
    ['quotes', '"'.repeat(200_000)],
    ['backslashes', `"${'\\'.repeat(199_000)}`],
    ['execute in execute', 'execute("'.repeat(20_000)],
    ['no text', '\0\uFFFF\uD800'.repeat(1000)]
  ])('is read: %s', (_, text) => {
    expect(readPython(`${text}\n`).imports).toEqual([]);
  });
});
