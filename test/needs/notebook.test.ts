import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import { readNotebook } from '../../src/needs/notebook';

/** Shared with test/runner/test_notebook.py. */
const EXAMPLES = v.parse(
  v.array(
    v.union([
      v.strictObject({ name: v.string(), text: v.string(), why: v.string() }),
      v.strictObject({
        name: v.string(),
        text: v.string(),
        language: v.string(),
        kernel: v.nullable(v.string()),
        sources: v.array(v.string())
      })
    ])
  ),
  JSON.parse(readFileSync(new URL('../notebooks.json', import.meta.url), 'utf8'))
);

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
      ['b', 'c']
    ],
    ['no metadata', [{ cell_type: 'code', source: 'a' }], ['a']],
    ['awkward text', [code('"\\ü\u2028😀\0')], ['"\\ü\u2028😀\0']]
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

describe('one judgement of a notebook, which the runner shares', () => {
  it.each(EXAMPLES.map(example => [example.name, example] as const))('%s', (_, example) => {
    const notebook = readNotebook(example.text);
    if ('why' in example) {
      expect(notebook).toMatchObject({ kind: 'invalid', why: example.why });
    } else {
      const { kernel, language, sources } = example;
      const cells = sources.map((source, index) => ({ number: index + 1, source }));
      expect(notebook).toEqual({ kind: 'notebook', kernel, language, cells });
    }
  });
});
