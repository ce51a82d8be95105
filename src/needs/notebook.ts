/**
 * A notebook file as far as reading it needs: its language, its kernel and its code cells.
 *
 * `text` is the file's content, nbformat 4, or the older ones, which keep cells in worksheets or call
 * things otherwise (nbformat.readthedocs.io/en/latest/format_description.html). What Jupyter reads is
 * read here: what is missing, null or of another kind than the format says is as if it were empty, where that is no
 * guess. The runner reads the same file once more (runner/notebook.py); test/notebooks.json holds
 * both to one judgement.
 */
export function readNotebook(text: string): Notebook | InvalidNotebook {
  const parsed = parseCells(text);
  if ('kind' in parsed) {
    return parsed;
  }
  const cells: CodeCell[] = [];
  for (const { cell, source } of parsed.cells) {
    if (cell['cell_type'] === 'code' && isToRun(cell, source)) {
      cells.push({ number: cells.length + 1, source });
    }
  }
  const { language, kernel } = kernelOf(parsed.metadata);
  const old = parsed.hasWorksheets ? cellLanguage(parsed.cells.map(({ cell }) => cell)) : null;
  return { kind: 'notebook', language: language ?? old ?? 'python', kernel, cells };
}

/** A notebook with the cells of its format found. */
interface ParsedCells {
  metadata: unknown;
  hasWorksheets: boolean;
  cells: { cell: JsonObject; source: string }[];
}

function parseCells(text: string): ParsedCells | InvalidNotebook {
  const json = parseJson(text.replace(/^\uFEFF/, ''));
  if (json === undefined) {
    return { kind: 'invalid', why: 'not-json' };
  }
  if (!isObject(json)) {
    return { kind: 'invalid', why: 'not-a-notebook' };
  }
  const version = versionOf(json);
  if (version === null) {
    return { kind: 'invalid', why: 'no-version' };
  }
  if (![1, 2, 3, 4].includes(version)) {
    return { kind: 'invalid', why: 'unsupported-version' };
  }
  const hasWorksheets = version === 2 || version === 3;
  const all = hasWorksheets ? worksheetCells(json['worksheets']) : json['cells'];
  if (!Array.isArray(all)) {
    return { kind: 'invalid', why: 'not-a-notebook' };
  }
  const cells: ParsedCells['cells'] = [];
  for (const cell of all as unknown[]) {
    const lines = isObject(cell) ? linesOf(cell, version) : null;
    if (!isObject(cell) || lines === null) {
      return { kind: 'invalid', why: 'not-a-notebook' };
    }
    if (lines.some(line => HALF_CHARACTER.test(line))) {
      return { kind: 'invalid', why: 'half-character', cell: cells.length + 1 };
    }
    cells.push({ cell, source: lines.join('') });
  }
  return { metadata: json['metadata'], hasWorksheets, cells };
}

/** The sources of all code cells, also of those that are not run; null for what is no notebook. */
export function codeSources(text: string): string[] | null {
  const parsed = parseCells(text);
  return 'kind' in parsed
    ? null
    : parsed.cells.flatMap(({ cell, source }) => (cell['cell_type'] === 'code' ? [source] : []));
}

/** Whether a kernel of this language, in lower case, runs Python; `python3` is what some files say. */
export function isPython(language: string): boolean {
  return /^i?python\d*$/.test(language);
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
  why: 'not-json' | 'not-a-notebook' | 'no-version' | 'unsupported-version' | 'half-character';
  /** 1-based, among all cells of the file, where it is about one. */
  cell?: number;
}

/** Half of a pair that stands for one character: JSON can write it, and nothing can be sent with it. */
const HALF_CHARACTER = /\p{Surrogate}/u;

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

/** A file without nbformat is of the version that it looks like. */
function versionOf(json: JsonObject): number | null {
  const version = 'nbformat' in json ? json['nbformat'] : 'worksheets' in json ? 3 : 4;
  return typeof version === 'number' ? version : null;
}

/** null for a cell that is none. */
function linesOf(cell: JsonObject, version: number): string[] | null {
  if (typeof cell['cell_type'] !== 'string') {
    return null;
  }
  const isCode = cell['cell_type'] === 'code';
  const key =
    version === 1 ? (isCode ? 'code' : 'text') : isCode && version < 4 ? 'input' : 'source';
  const source = cell[key] ?? '';
  const lines: unknown[] = Array.isArray(source) ? source : [source];
  return lines.every(line => typeof line === 'string') ? lines : null;
}

/** nbclient runs neither blank cells nor those with this tag (NotebookClient.async_execute_cell). */
function isToRun(cell: JsonObject, source: string): boolean {
  const tags = isObject(cell['metadata']) ? cell['metadata']['tags'] : [];
  const isSkipped = [tags].flat().includes('skip-execution');
  return source.trim() !== '' && !isSkipped;
}

/** The kernelspec says what is started, language_info what ran last. */
function kernelOf(metadata: unknown): { language: string | null; kernel: string | null } {
  const outer = isObject(metadata) ? metadata : {};
  const given = outer['kernelspec'];
  const spec = isObject(given) ? given : { name: given };
  const info = isObject(outer['language_info']) ? outer['language_info'] : {};
  const language = [spec['language'], info['name']].find(isText) ?? null;
  return {
    language: language?.toLowerCase() ?? null,
    kernel: isText(spec['name']) ? spec['name'] : null
  };
}

/** Old formats have the language in their cells. */
function cellLanguage(cells: unknown[]): string | null {
  const first = cells.filter(isObject).find(cell => cell['cell_type'] === 'code');
  return isText(first?.['language']) ? first['language'].toLowerCase() : null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
