import { Transform } from 'node:stream';

/** What ssh says when the host has opened a session, and nothing of the command has said anything yet (mux.c). */
const OPENED = /^debug\d: mux_client_request_session: master session id: \d+\r?\n/m;

/** The last that ssh says when a command is over (mux.c, mux_client_request_session); behind all that the command has said. */
const LAST =
  /debug\d: (?:Received exit status from master (\d+)|Control master terminated unexpectedly)\r?\n$/;

/** The most bytes of ssh's own words before a session; more than it ever has. */
const MOST_BEFORE = 200_000;

const LAST_ALONE =
  /^debug\d: (?:Received exit status from master \d*\r?\n?|Control master terminated unexpectedly\n)$/;

/** Its words, as far as they are always the same, and how long it can be, in bytes. */
const WORDS = ['Received exit status from master ', 'Control master terminated unexpectedly\r\n'];
const MOST_LAST = 60;

/**
 * The standard error of an ssh that runs a command through a connection: ssh's own words, with LogLevel DEBUG2, are before and
 * behind those of the command, and nothing that the command prints can be taken for them. Passes on what is the command's.
 */
export class MuxErrors extends Transform {
  /** Resolves with true when a session was opened, with false when there will be none. */
  readonly opened: Promise<boolean>;
  /** The exit code of the command, by the connection; null where it has not told. */
  exitCode: number | null = null;
  private isOpen = false;
  private held = Buffer.alloc(0);
  private tell: (isOpen: boolean) => void = () => undefined;

  constructor() {
    super();
    this.opened = new Promise(resolve => {
      this.tell = resolve;
    });
  }

  /** What ssh has said where no session was opened. */
  get words(): string {
    return this.held.toString();
  }

  override _transform(chunk: Buffer, _: string, done: (error: null, data?: Buffer) => void): void {
    this.held = Buffer.concat([this.held, chunk]);
    if (!this.isOpen) {
      const found = OPENED.exec(this.held.toString('latin1'));
      if (found === null) {
        this.held = this.held.subarray(-MOST_BEFORE);
        done(null);
        return;
      }
      this.isOpen = true;
      this.held = this.held.subarray(found.index + found[0].length);
      this.tell(true);
    }
    const certain = this.held.length - lengthOfLast(this.held);
    const passed = this.held.subarray(0, certain);
    this.held = this.held.subarray(certain);
    done(null, passed);
  }

  override _flush(done: (error: null, data?: Buffer) => void): void {
    this.tell(false);
    if (!this.isOpen) {
      done(null);
      return;
    }
    const found = LAST.exec(this.held.toString('latin1'));
    this.exitCode = found?.[1] === undefined ? null : Number(found[1]);
    done(null, this.held.subarray(0, found?.index));
  }
}

/** How many bytes at the end may be ssh's last line, or its beginning. */
function lengthOfLast(bytes: Buffer): number {
  const end = bytes.toString('latin1', Math.max(0, bytes.length - MOST_LAST));
  for (let start = end.indexOf('d'); start >= 0; start = end.indexOf('d', start + 1)) {
    const tail = end.slice(start);
    if ('debug'.startsWith(tail) || /^debug(?:\d(?:: ?)?)?$/.test(tail)) {
      return tail.length;
    }
    const [, words] = /^debug\d: (.*)$/s.exec(tail) ?? [];
    const mayBe = WORDS.some(all => words !== undefined && all.startsWith(words));
    if (mayBe || LAST_ALONE.test(tail)) {
      return tail.length;
    }
  }
  return 0;
}
