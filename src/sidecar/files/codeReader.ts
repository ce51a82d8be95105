/** Takes sources one by one. */
export interface Digest {
  add: (source: string) => void;
  /** Begins anew. */
  clear: () => void;
  value: () => string;
}

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/** The most that is kept of one cell, in bytes: who has more of a source has not written it by hand. */
const LONGEST_CELL = 20_000_000;

/** How deep a notebook is read: its cells, a cell, the lines of its source. */
const TOP = 1;
const CELLS = 2;
const CELL = 3;
const LINES = 4;

/** Deeper than any reader of JSON goes. */
const DEEPEST = 100_000;

/** More than any number, and any name of a key, that matters here. */
const LONGEST_WORD = 100;

/** What is known of the cell that is being read. */
interface Cell {
  type: string;
  lines: string[];
}

/**
 * Reads the sources of the code cells out of the bytes of a notebook, nbformat 4, as they come: what it shows is never kept.
 * Of a key that comes twice the last counts, as for every reader of JSON in Python and JavaScript. What is no JSON is not
 * found out: nothing opens it.
 */
export class CodeReader {
  private depth = 0;
  /** Whether what stands at each depth is a list; and the key of the value that is read, in an object. */
  private readonly isList: boolean[] = [];
  private readonly keys: string[] = [];
  private isValue = false;
  private inString = false;
  /** How many backslashes stand at the end of what was read of the string. */
  private escapes = 0;
  /** The bytes of a string that matters; null for one that does not. */
  private kept: Buffer[] | null = null;
  private keptBytes = 0;
  private cellBytes = 0;
  private word = '';
  private cell: Cell = { type: '', lines: [] };
  private version = '';
  private hasCells = false;
  private isSound = true;

  constructor(private readonly digest: Pick<Digest, 'add' | 'clear'>) {}

  /** Whether it was a notebook from its beginning to its end. */
  get isWhole(): boolean {
    return this.isSound && this.depth === 0 && this.hasCells && this.version === '4';
  }

  /** Takes in more of the bytes; false once it is clear that it is no such notebook. */
  read(bytes: Buffer): boolean {
    for (let at = 0; at < bytes.length && this.isSound;) {
      at = this.inString ? this.readString(bytes, at) : this.readByte(bytes, at);
    }
    return this.isSound;
  }

  private readString(bytes: Buffer, from: number): number {
    const quote = bytes.indexOf(QUOTE, from);
    const end = quote < 0 ? bytes.length : quote;
    let start = end;
    while (start > from && bytes[start - 1] === BACKSLASH) {
      start -= 1;
    }
    this.escapes = end - start + (start === from ? this.escapes : 0);
    const isEnd = quote >= 0 && this.escapes % 2 === 0;
    const next = isEnd || quote < 0 ? end : end + 1;
    this.keep(bytes.subarray(from, next));
    if (quote >= 0) {
      this.escapes = 0;
    }
    if (isEnd) {
      this.inString = false;
      this.endString();
      return end + 1;
    }
    return next;
  }

  private keep(bytes: Buffer): void {
    if (this.kept === null) {
      return;
    }
    this.keptBytes += bytes.length;
    this.cellBytes += bytes.length;
    if (this.isKey && this.keptBytes > LONGEST_WORD) {
      // None of ours.
      this.kept = null;
    } else if (this.cellBytes > LONGEST_CELL) {
      this.isSound = false;
    } else {
      this.kept.push(Buffer.from(bytes));
    }
  }

  private endString(): void {
    const text = this.kept === null ? '' : this.decoded(Buffer.concat(this.kept));
    const isWanted = this.kept !== null;
    this.kept = null;
    if (this.isKey) {
      this.keys[this.depth] = text;
    } else if (isWanted && this.depth === CELL && this.keys[CELL] === 'cell_type') {
      this.cell.type = text;
    } else if (isWanted) {
      this.cell.lines.push(text);
    }
  }

  /** Whether a string that stands here names a value. */
  private get isKey(): boolean {
    return !this.isValue && this.isList[this.depth] === false;
  }

  private decoded(raw: Buffer): string {
    try {
      const text: unknown = JSON.parse(`"${raw.toString('utf8')}"`);
      return String(text);
    } catch {
      this.isSound = false;
      return '';
    }
  }

  private readByte(bytes: Buffer, at: number): number {
    const byte = bytes[at] ?? 0;
    switch (byte) {
      case QUOTE:
        this.inString = true;
        this.keptBytes = 0;
        this.kept = this.isWanted() ? [] : null;
        break;
      case COLON:
        this.isValue = true;
        this.word = '';
        this.beginValue();
        break;
      case COMMA:
        this.endValue();
        this.isValue = this.isList[this.depth] === true;
        break;
      case OPEN_OBJECT:
      case OPEN_LIST:
        this.open(byte === OPEN_LIST);
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        this.endValue();
        this.close();
        break;
      default:
        if (this.depth === TOP && byte > 0x20 && this.word.length < LONGEST_WORD) {
          this.word += String.fromCharCode(byte);
        }
    }
    return at + 1;
  }

  /** Whether the string that begins here is a key, or a value that counts. */
  private isWanted(): boolean {
    if (this.depth === TOP) {
      return this.isKey;
    }
    if (!this.isInCells()) {
      return false;
    }
    return (
      (this.depth === CELL &&
        (this.isKey || ['cell_type', 'source'].includes(this.keys[CELL] ?? ''))) ||
      (this.depth === LINES && this.keys[CELL] === 'source' && this.isList[LINES] === true)
    );
  }

  private isInCells(): boolean {
    return this.keys[TOP] === 'cells' && this.isList[CELLS] === true && this.isList[CELL] !== true;
  }

  /** A key was read, and its value begins: what an earlier one of the same name said does not count. */
  private beginValue(): void {
    const key = this.keys[this.depth];
    if (this.depth === TOP && key === 'cells') {
      this.hasCells = false;
      this.digest.clear();
    } else if (this.depth === TOP && key === 'worksheets') {
      // Older formats have their cells there.
      this.isSound = false;
    } else if (this.depth === CELL && this.isInCells() && key === 'source') {
      this.cell.lines = [];
    }
  }

  private endValue(): void {
    if (this.depth === TOP && this.isValue && this.keys[TOP] === 'nbformat') {
      this.version = this.word;
    }
  }

  private open(isList: boolean): void {
    this.depth += 1;
    this.isList[this.depth] = isList;
    this.keys[this.depth] = '';
    this.isValue = isList;
    this.isSound = this.depth < DEEPEST;
    if (this.depth === CELLS && this.keys[TOP] === 'cells') {
      this.hasCells = isList;
    } else if (this.depth === CELL && this.isInCells()) {
      this.cell = { type: '', lines: [] };
      this.cellBytes = 0;
    }
  }

  private close(): void {
    if (this.depth === CELL && this.isInCells() && this.cell.type === 'code') {
      this.digest.add(this.cell.lines.join(''));
    }
    this.depth -= 1;
    this.isSound &&= this.depth >= 0;
    // What stands around it has its value now.
    this.isValue = true;
  }
}
