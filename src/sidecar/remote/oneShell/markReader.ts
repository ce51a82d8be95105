import type { Readable } from 'node:stream';

/** The stream has ended before its mark came. */
export class NoMark extends Error {}

/** Reads a stream up to marks that stand in it, each with the rest of its line. */
export class MarkReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private held: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /**
   * Passes on what comes before a mark, as soon as it comes, and takes the mark with its line out.
   *
   * @returns What stands behind the mark in its line.
   * @throws NoMark
   */
  async until(mark: string, pass: (bytes: Buffer) => Promise<void> | void): Promise<string> {
    const bytes = Buffer.from(mark);
    for (;;) {
      const start = this.held.indexOf(bytes);
      const end = start < 0 ? -1 : this.held.indexOf('\n', start);
      if (end >= 0) {
        const before = this.held.subarray(0, start);
        const line = this.held.toString('latin1', start + bytes.length, end);
        this.held = this.held.subarray(end + 1);
        if (before.length > 0) {
          await pass(before);
        }
        return line.trim();
      }
      const certain = start < 0 ? this.held.length - beginning(this.held, bytes) : start;
      if (certain > 0) {
        const passed = this.held.subarray(0, certain);
        this.held = this.held.subarray(certain);
        await pass(passed);
      }
      const next = await this.chunks.next();
      if (next.done === true) {
        throw new NoMark('the stream has ended');
      }
      this.held = this.held.length === 0 ? next.value : Buffer.concat([this.held, next.value]);
    }
  }
}

/** How many bytes at the end may be the beginning of a mark. */
function beginning(bytes: Buffer, mark: Buffer): number {
  for (let length = Math.min(mark.length - 1, bytes.length); length > 0; length -= 1) {
    if (bytes.subarray(bytes.length - length).equals(mark.subarray(0, length))) {
      return length;
    }
  }
  return 0;
}
