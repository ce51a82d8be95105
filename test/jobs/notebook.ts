import { readFileSync } from 'node:fs';
import * as v from 'valibot';

/** The text of a notebook with these code cells, for the Python that runs the tests. */
export function notebook(...cells: string[]): string {
  return JSON.stringify({
    cells: cells.map((source, index) => ({
      id: `cell-${index + 1}`,
      cell_type: 'code',
      metadata: {},
      execution_count: null,
      outputs: [],
      source
    })),
    metadata: {
      kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' },
      language_info: { name: 'python' }
    },
    nbformat: 4,
    nbformat_minor: 5
  });
}

const Text = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform(text => (typeof text === 'string' ? text : text.join('')))
);

const Notebook = v.object({
  cells: v.array(
    v.object({
      outputs: v.array(
        v.looseObject({
          text: v.optional(Text, ''),
          data: v.optional(v.looseObject({ 'text/plain': v.optional(Text, '') })),
          traceback: v.optional(v.array(v.string()), [])
        })
      )
    })
  )
});

/** What each cell of an executed notebook shows, as text: streams, results, and tracebacks. */
export function outputsOf(file: string): string[] {
  const read = v.parse(Notebook, JSON.parse(readFileSync(file, 'utf8')));
  return read.cells.map(({ outputs }) =>
    outputs
      .map(
        ({ text, data, traceback }) => text + (data?.['text/plain'] ?? '') + traceback.join('\n')
      )
      .join('')
  );
}
