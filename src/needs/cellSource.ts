/**
 * A code cell as Python: IPython's own syntax is replaced by as many characters of harmless Python,
 * so that every offset and line stays what it is in the cell. `python` is null where the cell magic
 * on top makes the body something else (HTML, a shell script, a file to write, ...).
 *
 * Follows IPython/core/inputtransformer2.py (IPython 9.18): a magic is one only at the start of a
 * logical line or right after its first `=`, so `%` on a continued line stays the operator, and
 * nothing inside brackets or strings is touched.
 */
export function readCell(source: string): CellCode {
  const magics: Magic[] = [];
  const shell: string[] = [];
  const found = { magics, shell };
  let masked = '';
  let offset = 0;
  for (;;) {
    const top = cellMagicAt(source, offset);
    if (!top) {
      return { python: masked + maskLines(source, offset, found), ...found };
    }
    magics.push({ name: top.name, argument: top.argument });
    if (!isPythonBody(top.name) && !isProgram(top, PYTHONS)) {
      if (isProgram(top, SHELLS)) {
        shell.push(source.slice(top.to));
      }
      return { python: null, ...found };
    }
    masked += source.slice(offset, top.from) + maskCellMagic(source, top);
    offset = top.to;
  }
}

export interface CellCode {
  /** as long as the cell's source */
  python: string | null;
  /** line and cell magics in reading order, also the one that makes the body something else */
  magics: Magic[];
  /** what shells are to run: the lines behind `!`, and whole cells below `%%bash` and its like */
  shell: string[];
}

type Found = Pick<CellCode, 'magics' | 'shell'>;

/** `%run -i x.py 3` is { name: 'run', argument: '-i x.py 3' } */
export interface Magic {
  name: string;
  argument: string;
}

/** Whether a magic is ipyparallel's; `rc[:2].activate('_low')` gives `%px_low`, `%%px_low`, ... */
export function isParallelMagic(name: string): boolean {
  return /^(px|autopx)/.test(name);
}

interface CellMagic {
  name: string;
  argument: string;
  /** offsets of the line, without its line end */
  from: number;
  to: number;
}

/** A cell magic stands in the first line that isn't blank, as also `%%time` right below `%%px` does. */
function cellMagicAt(source: string, offset: number): CellMagic | null {
  const line = stickyMatch(/\s*%%([^\s?]+)(?!\S)[^\S\r\n]*([^\r\n]*)/y, source, offset);
  if (!line) {
    return null;
  }
  const [whole, name = '', argument = ''] = line;
  const to = offset + whole.length;
  const from = to - whole.trimStart().length;
  return { name, argument: argument.trimEnd(), from, to };
}

function isPythonBody(name: string): boolean {
  return /^(px(?!result|config).*|time|timeit|capture|prun)$/.test(name);
}

/** Cell magics whose body another program runs; that of `%%script` is named behind it. */
function isProgram({ name, argument }: CellMagic, programs: RegExp): boolean {
  const program = name === 'script' ? argument.replace(/^(--?\S+\s+)*/, '') : name;
  return programs.test(program.replace(/^\S*\//, ''));
}

const PYTHONS = /^(python|pypy)[\d.]*(\s|$)/;

const SHELLS = /^(bash|sh|zsh|ksh|dash|system|sx|!)(\s|$)/;

/** `%%timeit setup` and `%%prun statement` hold code in their own line; the others only options. */
function maskCellMagic(source: string, { name, from, to }: CellMagic): string {
  const code = name === 'timeit' || name === 'prun' ? codeStart(source, from, to) : to;
  return code < to
    ? beforeStatement(source.slice(from, code)) + source.slice(code, to)
    : filler(source.slice(from, to));
}

/** Where the statement of `%time x`, `%timeit -n 3 x`, `%px x` begins, between offsets `from` and `to`. */
function codeStart(source: string, from: number, to: number): number {
  const head = stickyMatch(
    // getopt's options, a value glued or apart (IPython/core/magics/execution.py: timeit, prun)
    /%{1,2}\S+[^\S\r\n]*(?:(?:-[nrpvDlsT][^\S\r\n]*[^\s-]\S*|-[tcqor]+(?!\S)|--\S*)[^\S\r\n]*)*/y,
    source.slice(0, to),
    from
  );
  return from + (head?.[0].length ?? 0);
}

function maskLines(source: string, start: number, found: Found): string {
  let masked = '';
  let offset = start;
  while (offset < source.length) {
    const line = maskLine(source, offset, found);
    masked += line.masked;
    offset = line.end;
  }
  return masked;
}

interface MaskedLine {
  masked: string;
  end: number;
}

function maskLine(source: string, start: number, found: Found): MaskedLine {
  const indent = stickyMatch(/[^\S\r\n]*/y, source, start)?.[0] ?? '';
  const first = start + indent.length;
  if (ESCAPES.has(source[first] ?? '')) {
    const command = maskCommand(source, first, found, beforeStatement);
    return { masked: indent + command.masked, end: command.end };
  }
  const line = scanLogicalLine(source, first);
  if (line.command !== null) {
    const command = maskCommand(source, line.command, found, blanks);
    return { masked: source.slice(start, line.command) + command.masked, end: command.end };
  }
  if (line.isHelp) {
    return { masked: indent + filler(source.slice(first, line.end)), end: line.end };
  }
  return { masked: source.slice(start, line.end), end: line.end };
}

/** What IPython's EscapedCommand takes for its own at the start of a line; none can start a Python line. */
const ESCAPES: ReadonlySet<string> = new Set(['%', '!', '?', ',', ';', '/']);

/**
 * Masks a `%magic` or `!command` to the end of its line, or up to the Python statement that it runs;
 * `before` says what stands in front of such a statement.
 */
function maskCommand(
  source: string,
  from: number,
  { magics, shell }: Found,
  before: (text: string) => string
): MaskedLine {
  const text = stickyMatch(/(?:\\(?:\r\n?|\n)|[^\r\n])*/y, source, from)?.[0] ?? '';
  const end = from + text.length;
  const magic = /^%{1,2}(\S+)\s*([^]*)$/.exec(text);
  if (!magic) {
    if (text.startsWith('!')) {
      shell.push(oneLine(text.replace(/^!+/, '')));
    }
    return { masked: filler(text), end };
  }
  const [, name = '', argument = ''] = magic;
  magics.push({ name, argument: oneLine(argument) });
  const runsStatement = isPythonBody(name) && name !== 'capture';
  const code = runsStatement ? codeStart(source, from, end) : end;
  return code < end
    ? { masked: before(source.slice(from, code)), end: code }
    : { masked: filler(text), end };
}

function oneLine(text: string): string {
  return text.replace(/\\(?:\r\n?|\n)/g, ' ').trim();
}

interface LogicalLine {
  /** offset behind the line, its line end included */
  end: number;
  /** offset of a `%magic` or `!command` right after the line's first `=` */
  command: number | null;
  /** `obj?` and `obj??` */
  isHelp: boolean;
}

/** One logical line as Python's tokenizer sees it: brackets, strings and backslashes carry it on. */
function scanLogicalLine(source: string, start: number): LogicalLine {
  let depth = 0;
  let assigned = false;
  let last = '';
  let offset = start;
  while (offset < source.length) {
    const token = stickyMatch(TOKEN, source, offset)?.[0] ?? source[offset] ?? '';
    const end = offset + token.length;
    if (/^[\r\n]/.test(token)) {
      if (depth === 0) {
        return { end, command: null, isHelp: last === '?' };
      }
    } else if ('([{'.includes(token)) {
      depth += 1;
    } else if (')]}'.includes(token)) {
      depth = Math.max(0, depth - 1);
    } else if (token === '=' && depth === 0 && !assigned) {
      assigned = true;
      const command = stickyMatch(/[^\S\r\n]*(?=%[A-Za-z_]|!)/y, source, end);
      if (command) {
        return { end, command: end + command[0].length, isHelp: false };
      }
    }
    if (!/^[\s#\\]/.test(token)) {
      last = token;
    }
    offset = end;
  }
  return { end: offset, command: null, isHelp: last === '?' && depth === 0 };
}

/** Strings (open ones to the end of the line or of the cell), comments, line ends, operators, names. */
const TOKEN = new RegExp(
  [
    String.raw`"""(?:\\[^]|(?!""")[^])*(?:""")?`,
    String.raw`'''(?:\\[^]|(?!''')[^])*(?:''')?`,
    String.raw`"(?:\\(?:\r\n|[^])|[^"\\\r\n])*"?`,
    String.raw`'(?:\\(?:\r\n|[^])|[^'\\\r\n])*'?`,
    String.raw`#[^\r\n]*`,
    String.raw`\\(?:\r\n?|\n)`,
    String.raw`\r\n?|\n`,
    String.raw`[^\S\r\n]+`,
    String.raw`[!<>:+\-*/%&|^@~=]+=`,
    String.raw`[^\s"'#\\()[\]{}=?!<>:+\-*/%&|^@~]+`
  ].join('|'),
  'y'
);

/** A statement that does nothing, as long as `text` and with its line ends. */
function filler(text: string): string {
  return text === '' ? '' : `0${blanks(text.slice(1))}`;
}

/** The same in front of another statement; blanks alone would indent that one. */
function beforeStatement(text: string): string {
  return `0;${blanks(text.slice(2))}`;
}

function blanks(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

function stickyMatch(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}
