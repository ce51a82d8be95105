import { describe, expect, it } from 'vitest';

import { readNotebook } from '../../src/job/notebook';

const code = (source: unknown, metadata: unknown = {}) => ({
  cell_type: 'code',
  execution_count: null,
  metadata,
  outputs: [],
  source
});

const v4 = (cells: unknown, metadata: unknown = {}): string =>
  JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells });

const sourcesOf = (text: string): string[] | null => {
  const notebook = readNotebook(text);
  return notebook.kind === 'notebook' ? notebook.cells.map(({ source }) => source) : null;
};

describe('code cells', () => {
  it.each<[string, unknown[], string[]]>([
    ['none', [], []],
    ['a string', [code('a\nb')], ['a\nb']],
    ['an array', [code(['a\n', 'b'])], ['a\nb']],
    ['an empty array', [code([])], []],
    ['CRLF', [code(['a\r\n', 'b'])], ['a\r\nb']],
    ['no source', [{ cell_type: 'code', metadata: {}, outputs: [] }], []],
    ['blank', [code(' \n\t'), code('a')], ['a']],
    [
      'Markdown and raw',
      [{ cell_type: 'markdown', source: 'x' }, { cell_type: 'raw', source: 'y' }, code('a')],
      ['a']
    ],
    ['tagged', [code('a', { tags: ['skip-execution'] }), code('b', { tags: ['x'] })], ['b']],
    [
      'odd tags',
      [code('a', { tags: 'skip-execution' }), code('b', null), code('c', { tags: [1] })],
      ['a', 'b', 'c']
    ],
    ['no metadata', [{ cell_type: 'code', source: 'a' }], ['a']],
    ['awkward text', [code('"\\ü\u2028\ud800😀\0')], ['"\\ü\u2028\ud800😀\0']]
  ])('%s', (_, cells, sources) => {
    expect(sourcesOf(v4(cells))).toEqual(sources);
  });

  it('are numbered as they run', () => {
    const notebook = readNotebook(
      v4([code('a'), { cell_type: 'markdown', source: '' }, code(' '), code('b')])
    );
    expect(notebook).toMatchObject({ cells: [{ number: 1 }, { number: 2, source: 'b' }] });
  });

  it.each([2, 3])('of nbformat %i', nbformat => {
    const text = JSON.stringify({
      nbformat,
      metadata: { name: 'old' },
      worksheets: [
        {
          cells: [
            { cell_type: 'heading', level: 1, source: 'x' },
            { cell_type: 'code', language: 'python', input: ['a\n', 'b'], outputs: [] }
          ]
        },
        { cells: [{ cell_type: 'code', language: 'python', input: 'c' }] }
      ]
    });
    expect(readNotebook(text)).toEqual({
      kind: 'notebook',
      language: 'python',
      kernel: null,
      cells: [
        { number: 1, source: 'a\nb' },
        { number: 2, source: 'c' }
      ]
    });
  });

  it('beside outputs with the bare NaN of Python’s json', () => {
    const text =
      '{"nbformat": 4, "metadata": {"x": [NaN, -Infinity, Infinity]}, "cells": [{"cell_type": "code", "source": "NaN = \\"NaN\\" # -Infinity"}]}';
    expect(sourcesOf(text)).toEqual(['NaN = "NaN" # -Infinity']);
  });

  it('beside outputs of many megabytes', () => {
    const image = 'a'.repeat(2e7);
    const text = `{"nbformat": 4, "metadata": {"x": NaN, "y": "${image}"}, "cells": []}`;
    expect(sourcesOf(text)).toEqual([]);
  });
});

describe('language and kernel', () => {
  it.each<[unknown, string, string | null]>([
    [
      {
        kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' },
        language_info: { name: 'python' }
      },
      'python',
      'python3'
    ],
    [{ kernelspec: { name: 'conda-env-a b-py', display_name: 'x' } }, 'python', 'conda-env-a b-py'],
    [{ kernelspec: { name: 'ir', language: 'R' } }, 'r', 'ir'],
    [
      { kernelspec: { name: 'x', language: 'python' }, language_info: { name: 'julia' } },
      'julia',
      'x'
    ],
    [{ language_info: { name: 'python', version: '3.12' } }, 'python', null],
    [{}, 'python', null],
    [null, 'python', null],
    [[], 'python', null],
    [{ kernelspec: 'python3', language_info: 3 }, 'python', null],
    [{ kernelspec: { name: 3, language: '' } }, 'python', null],
    [{ kernelspec: { name: '' } }, 'python', null]
  ])('%j', (metadata, language, kernel) => {
    expect(readNotebook(v4([], metadata))).toMatchObject({ language, kernel });
  });
});

describe('what is no notebook', () => {
  it.each<[string, 'not-json' | 'not-a-notebook' | 'unsupported-version']>([
    ['', 'not-json'],
    ['x', 'not-json'],
    ['{', 'not-json'],
    ['\uFEFF{}', 'not-json'],
    ['{"nbformat": 4, "cells": [], }', 'not-json'],
    ['<<<<<<< HEAD\n{"nbformat": 4}', 'not-json'],
    ['{"nbformat": nan}', 'not-json'],
    ['null', 'not-a-notebook'],
    ['[]', 'not-a-notebook'],
    ['3', 'not-a-notebook'],
    ['"x"', 'not-a-notebook'],
    ['{}', 'not-a-notebook'],
    ['{"cells": []}', 'not-a-notebook'],
    ['{"nbformat": "4", "cells": []}', 'not-a-notebook'],
    ['{"nbformat": 4}', 'not-a-notebook'],
    ['{"nbformat": 4, "cells": {}}', 'not-a-notebook'],
    ['{"nbformat": 4, "worksheets": []}', 'not-a-notebook'],
    ['{"nbformat": 4, "cells": [3]}', 'not-a-notebook'],
    ['{"nbformat": 4, "cells": [null]}', 'not-a-notebook'],
    ['{"nbformat": 4, "cells": [{}]}', 'not-a-notebook'],
    ['{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}', 'not-a-notebook'],
    ['{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a", 3]}]}', 'not-a-notebook'],
    ['{"nbformat": 4, "cells": [{"cell_type": "code", "source": {"a": 1}}]}', 'not-a-notebook'],
    ['{"nbformat": 3, "cells": []}', 'not-a-notebook'],
    ['{"nbformat": 3, "worksheets": [{}]}', 'not-a-notebook'],
    ['{"nbformat": 3, "worksheets": [null]}', 'not-a-notebook'],
    ['{"nbformat": 5, "cells": []}', 'unsupported-version'],
    ['{"nbformat": 1, "cells": []}', 'unsupported-version'],
    ['{"nbformat": 4.5, "cells": []}', 'unsupported-version']
  ])('%j is %s', (text, why) => {
    expect(readNotebook(text)).toEqual({ kind: 'invalid', why });
  });
});
