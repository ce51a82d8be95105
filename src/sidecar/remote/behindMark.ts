import { Transform } from 'node:stream';
import { startUpProblem } from './startUpFiles';

/** The most that may come before the mark, in bytes: what start-up files of an account print. */
const MOST_BEFORE = 1_000_000;

/** How much of it is kept, in bytes; longer than any mark. */
const KEPT = 2000;

/**
 * Passes on what comes behind a mark. Fails with the problem `start-up-files` where so much comes that there will hardly be
 * one.
 */
export class BehindMark extends Transform {
  found = false;
  private passed = 0;
  private last = Buffer.alloc(0);

  constructor(
    private readonly mark: string,
    private readonly host: string
  ) {
    super();
  }

  /** The end of what came before. */
  get before(): string {
    return this.last.toString('utf8');
  }

  override _transform(
    chunk: Buffer,
    _: string,
    done: (error: Error | null, data?: Buffer) => void
  ): void {
    if (this.found) {
      done(null, chunk);
      return;
    }
    const waiting = Buffer.concat([this.last, chunk]);
    const start = waiting.indexOf(this.mark);
    if (start >= 0) {
      this.found = true;
      done(null, waiting.subarray(start + this.mark.length));
      return;
    }
    this.passed += chunk.length;
    this.last = waiting.subarray(-KEPT);
    done(this.passed > MOST_BEFORE ? this.tooMuch() : null);
  }

  private tooMuch(): Error {
    const output = `more than ${MOST_BEFORE} bytes came before anything was run; the last of them:\n${this.before}`;
    return startUpProblem(this.host, { exitCode: null, signal: null, output });
  }
}
