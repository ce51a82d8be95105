import type { Paint } from './paint';

/** Where a command's words go. */
export interface Screen {
  /** A line of what was asked for, on standard output. */
  line: (text?: string) => void;
  /** Text as it is, on standard output. */
  raw: (text: string) => void;
  /** A line about something that went wrong, on standard error. */
  error: (text: string) => void;
  /** Shows a line that the next call replaces; null takes it away. Nothing where `isLive` is false. */
  live: (text: string | null) => void;
  /** While it is held, somebody types: a live line is shown only afterwards. */
  hold: (isHeld: boolean) => void;
  /** Whether a line can be redrawn in place. */
  readonly isLive: boolean;
  /** Columns of the terminal; null where lines have no end. */
  readonly columns: number | null;
  /** Whether the terminal's encoding has more than ASCII. */
  readonly hasUnicode: boolean;
  readonly paint: Paint;
  readonly paintError: Paint;
}

/** The streams that a screen writes to: those of a process, or a test's. */
export interface Stream {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

/** Carriage return, and "erase to the end of the line" (ECMA-48, EL). */
const CLEAR = '\r\u001b[K';

export function makeScreen({
  out,
  err,
  paint,
  paintError,
  environment
}: {
  out: Stream;
  err: Stream;
  paint: Paint;
  paintError: Paint;
  environment: NodeJS.ProcessEnv;
}): Screen {
  const isLive = out.isTTY === true && environment['TERM'] !== 'dumb';
  let shown: string | null = null;
  /** What is to be shown when nobody types any more. */
  let wanted: string | null = null;
  let isHeld = false;
  const above = (write: () => void): void => {
    const again = shown;
    if (again === null) {
      write();
      return;
    }
    out.write(CLEAR);
    write();
    out.write(again);
  };
  const draw = (text = wanted): void => {
    if (isLive && !isHeld && text !== shown) {
      out.write(`${CLEAR}${text ?? ''}`);
      shown = text;
    }
  };
  return {
    line: (text = '') => above(() => out.write(`${text}\n`)),
    raw: text => above(() => out.write(text)),
    error: text => above(() => err.write(`${text}\n`)),
    live: text => {
      wanted = text;
      draw();
    },
    hold: held => {
      if (held) {
        draw(null);
      }
      isHeld = held;
      draw();
    },
    isLive,
    // Asked each time: the person may have resized the window.
    get columns() {
      // A terminal that does not know its size says 0.
      return out.isTTY === true ? out.columns || 80 : null;
    },
    hasUnicode: hasUnicode(environment),
    paint,
    paintError
  };
}

/** As setlocale(3) finds it: the first of the three that is set decides. */
function hasUnicode(environment: NodeJS.ProcessEnv): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  return /utf-?8/i.test(locale);
}
