import { Writable } from 'node:stream';
import { problem } from '../../api/problem';

/** The most that an answer may hold, in bytes: a queue of 100,000 jobs fits. */
const MOST_OUTPUT = 20_000_000;

/** Keeps what is written to it, up to `most` bytes; more fails with the problem `answer-unreadable`. */
export class Collected extends Writable {
  private readonly chunks: Buffer[] = [];
  private length = 0;

  constructor(private readonly most = MOST_OUTPUT) {
    super();
  }

  override _write(chunk: Buffer, _: string, done: (error?: Error) => void): void {
    this.length += chunk.length;
    if (this.length > this.most) {
      // A part of an answer, taken for the whole, would tell what is not true.
      const output = `more than ${this.most} bytes, which begin: ${this.bytes.toString('utf8', 0, 1000)}`;
      done(problem('answer-unreadable', {}, { details: { output } }));
      return;
    }
    this.chunks.push(chunk);
    done();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}
