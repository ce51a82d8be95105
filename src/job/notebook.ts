/**
 * A notebook file as far as reading it needs: its language, its kernel and its code cells.
 *
 * `text` is the file's content, nbformat 4, or the older 2 and 3, which keep cells in worksheets
 * (nbformat.readthedocs.io/en/latest/format_description.html).
 */
export function readNotebook(text: string): Notebook | InvalidNotebook {
  const json = parseJson(text);
  if (json === undefined) {
    return { kind: 'invalid', why: 'not-json' };
  }
  if (!isObject(json) || typeof json['nbformat'] !== 'number') {
    return { kind: 'invalid', why: 'not-a-notebook' };
  }
  if (![2, 3, 4].includes(json['nbformat'])) {
    return { kind: 'invalid', why: 'unsupported-version' };
  }
  const all = json['nbformat'] === 4 ? json['cells'] : worksheetCells(json['worksheets']);
  if (!Array.isArray(all)) {
    return { kind: 'invalid', why: 'not-a-notebook' };
  }
  const cells: CodeCell[] = [];
  for (const cell of all as unknown[]) {
    if (!isObject(cell) || typeof cell['cell_type'] !== 'string') {
      return { kind: 'invalid', why: 'not-a-notebook' };
    }
    if (cell['cell_type'] === 'code') {
      const source = joined(cell['source'] ?? cell['input'] ?? '');
      if (source === null) {
        return { kind: 'invalid', why: 'not-a-notebook' };
      }
      if (isToRun(cell, source)) {
        cells.push({ number: cells.length + 1, source });
      }
    }
  }
  return { kind: 'notebook', ...kernelOf(json['metadata'], all as unknown[]), cells };
}

export interface Notebook {
  kind: 'notebook';
  /** in lower case; 'python' where the file doesn't say */
  language: string;
  /** the name of the kernelspec; null where the file names none */
  kernel: string | null;
  cells: CodeCell[];
}

export interface CodeCell {
  /** 1-based, among the code cells that are to run: as in progress.json and in a cell error's cause */
  number: number;
  source: string;
}

export interface InvalidNotebook {
  kind: 'invalid';
  why: 'not-json' | 'not-a-notebook' | 'unsupported-version';
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** undefined for what neither is JSON nor what Python's json module writes and reads beyond it. */
function parseJson(text: string): unknown {
  for (const prepared of [(): string => text, (): string => withoutNan(text)]) {
    try {
      return JSON.parse(prepared()) as unknown;
    } catch {
      // The second try has NaN and Infinity replaced, which old outputs hold bare.
    }
  }
  return undefined;
}

function withoutNan(text: string): string {
  return text.replace(/"[^"\\]*(?:\\[^][^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g, token =>
    token.startsWith('"') ? token : 'null'
  );
}

function worksheetCells(worksheets: unknown): unknown {
  if (!Array.isArray(worksheets)) {
    return undefined;
  }
  const cells: unknown[] = [];
  for (const worksheet of worksheets as unknown[]) {
    if (!isObject(worksheet) || !Array.isArray(worksheet['cells'])) {
      return undefined;
    }
    cells.push(...(worksheet['cells'] as unknown[]));
  }
  return cells;
}

function joined(source: unknown): string | null {
  const lines: unknown[] = Array.isArray(source) ? source : [source];
  return lines.every(line => typeof line === 'string') ? lines.join('') : null;
}

/** nbclient runs neither blank cells nor those with this tag (NotebookClient.async_execute_cell). */
function isToRun(cell: JsonObject, source: string): boolean {
  const tags = isObject(cell['metadata']) ? cell['metadata']['tags'] : undefined;
  const isSkipped = Array.isArray(tags) && tags.includes('skip-execution');
  return source.trim() !== '' && !isSkipped;
}

function kernelOf(
  metadata: unknown,
  cells: unknown[]
): { language: string; kernel: string | null } {
  const outer = isObject(metadata) ? metadata : {};
  const spec = isObject(outer['kernelspec']) ? outer['kernelspec'] : {};
  const info = isObject(outer['language_info']) ? outer['language_info'] : {};
  const firstCode = cells.find(cell => isObject(cell) && cell['cell_type'] === 'code');
  const cellLanguage = isObject(firstCode) ? firstCode['language'] : undefined;
  const language = [info['name'], spec['language'], cellLanguage].find(isText) ?? 'python';
  return {
    language: language.toLowerCase(),
    kernel: isText(spec['name']) ? spec['name'] : null
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
