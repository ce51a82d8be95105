import { execFileSync } from 'node:child_process';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeDigest, codeDigestOf } from '../../../src/sidecar/files/codeDigest';
import { CodeReader } from '../../../src/sidecar/files/codeReader';
import { makeTemp } from '../../makeTemp';

let file: string;
beforeEach(() => {
  file = path.join(makeTemp(), 'result.ipynb');
});

const code = (source: unknown, more: object = {}) => ({ cell_type: 'code', source, ...more });
const notebook = (...cells: object[]) => ({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });

function digestOf(result: unknown): Promise<string | null> {
  writeFileSync(file, typeof result === 'string' ? result : JSON.stringify(result));
  return codeDigestOf(createReadStream(file));
}

/** The sources that are found in these bytes, however they are cut; null for what is no notebook. */
function sources(text: string, length = text.length): string[] | null {
  let found: string[] = [];
  const reader = new CodeReader({ add: source => found.push(source), clear: () => (found = []) });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) {
    reader.read(bytes.subarray(at, at + length));
  }
  return reader.isWhole ? found : null;
}

const SUBMITTED = JSON.stringify(notebook(code('a = "ä\\n"\nprint(a)'), code(''), code('%%px\n1')));

describe('a result whose code is what was submitted', () => {
  it.each([
    ['as it was', SUBMITTED],
    [
      'with lists of lines',
      notebook(code(['a = "ä\\n"\n', 'print(a)']), code([]), code('%%px\n1'))
    ],
    [
      'with outputs, ids and text between',
      notebook(
        code('a = "ä\\n"\nprint(a)', {
          outputs: [
            { output_type: 'stream', name: 'stdout', text: ['"cells": [{"source": "x"}]\n'] }
          ],
          metadata: { cells: [code('not a cell')], source: 'no' },
          id: 'x'
        }),
        { cell_type: 'markdown', source: 'words' },
        code(''),
        code('%%px\n1', { execution_count: 2 })
      )
    ],
    ['indented', JSON.stringify(JSON.parse(SUBMITTED), null, 1)]
  ])('is the same: %s', async (_, result) => {
    expect(await digestOf(result)).toBe(codeDigest(SUBMITTED));
  });

  it.each([
    [1, { cells: [code(null, { code: 'a' }), { cell_type: 'text', text: 'b' }] }],
    [3, { worksheets: [{ cells: [code(null, { input: ['a'] })] }, { cells: [] }] }]
  ])('is the same, submitted in nbformat %d', async (nbformat, rest) => {
    const old = JSON.stringify({ nbformat, metadata: {}, ...rest });
    expect(codeDigest(old)).toBe(await digestOf(notebook(code('a'))));
  });
});

describe('other code', () => {
  it.each([
    ['another source', notebook(code('a = 2'))],
    ['a cell more', notebook(code('a = 1'), code(''))],
    ['one cell less', notebook()],
    ['two cells in one', notebook(code('a = 1\nb'))],
    ['words that were code', notebook({ cell_type: 'markdown', source: 'a = 1' }, code('b'))],
    ['the other order', notebook(code('b'), code('a = 1'))]
  ])('is found: %s', async (_, result) => {
    const submitted = codeDigest(JSON.stringify(notebook(code('a = 1'), code('b'))));
    const found = await digestOf(result);
    expect(found).not.toBeNull();
    expect(found).not.toBe(submitted);
  });

  it('is that of the last key of a name, as whoever opens it takes that', async () => {
    const cell = '{"cell_type": "code", "source": ["good"], "source": "evil"}';
    const good = '[{"cell_type": "code", "source": "good"}]';
    expect(sources(`{"nbformat": 4, "cells": [${cell}]}`)).toEqual(['evil']);
    expect(sources(`{"nbformat": 4, "cells": ${good}, "c\\u0065lls": [${cell}]}`)).toEqual([
      'evil'
    ]);
    const markdown = '{"cell_type": "code", "source": "a", "cell_type": "markdown"}';
    expect(sources(`{"nbformat": 4, "cells": [${markdown}]}`)).toEqual([]);
  });
});

describe('what is no notebook', () => {
  it.each([
    ['nothing', ''],
    ['no object', '[]'],
    ['cut', SUBMITTED.slice(0, -1)],
    ['without cells', '{"nbformat": 4}'],
    [
      'of an older format, with cells for whoever compares',
      '{"nbformat": 3, "worksheets": [], "cells": []}'
    ],
    ['with worksheets beside', '{"nbformat": 4, "worksheets": [], "cells": []}'],
    ['closed too often', '}}{"nbformat": 4, "cells": []'],
    ['a source without end', JSON.stringify(notebook(code('x'.repeat(20_000_001))))],
    ['very deep', `{"nbformat": 4, "cells": ${'['.repeat(200_000)}`]
  ])('has no digest: %s', async (_, text) => {
    expect(await digestOf(text)).toBeNull();
  });
});

it.each([1, 2, 3, 5, 64])('reads pieces of %d bytes as one', length => {
  const text = JSON.stringify(
    notebook(
      code('\\"\\\\" ä 日本 🎉 \\\\\\'),
      code(['\\', '"', '\\\\"'], {
        outputs: [{ text: '\\\\\\"cells\\":' }],
        [`${'k'.repeat(500)}`]: '\\'
      })
    )
  );
  const all = ['\\"\\\\" ä 日本 🎉 \\\\\\', '\\"\\\\"'];
  expect(sources(text)).toEqual(all);
  expect(sources(text, length)).toEqual(all);
});

/** Writes each notebook of a list as the runner would, all in one list. */
const AS_RUN = `import json, sys
from jupyterlab_submit.runner.notebook import read_notebook
from nbformat import v4
texts = [text.lstrip("\\ufeff") for text in json.load(sys.stdin)]
print(json.dumps([v4.writes(read_notebook(text)) + "\\n" for text in texts]))`;

it('the runner changes no code, whatever the notebook was written in', async () => {
  const examples = v
    .parse(
      v.array(v.looseObject({ name: v.string(), text: v.string(), why: v.optional(v.string()) })),
      JSON.parse(readFileSync('test/notebooks.json', 'utf8'))
    )
    .filter(({ why }) => why === undefined);
  const texts = [SUBMITTED, ...examples.map(({ text }) => text)];
  const run = execFileSync('.venv/bin/python', ['-c', AS_RUN], {
    input: JSON.stringify(texts),
    stdio: ['pipe', 'pipe', 'ignore']
  });
  const results = v.parse(v.array(v.string()), JSON.parse(run.toString()));
  expect(results).toHaveLength(texts.length);
  for (const [index, result] of results.entries()) {
    const submitted = codeDigest(texts[index] ?? '');
    expect([texts[index], await digestOf(result)]).toEqual([texts[index], submitted]);
    expect(submitted).not.toBeNull();
  }
}, 60_000);
