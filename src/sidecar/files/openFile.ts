import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { type Question, patiently } from './patience';

/** Bytes that are read in one call. */
const PIECE_BYTES = 256 * 1024;

/** What a path may lead to instead of a file. */
export type NoFile = 'folder' | 'pipe' | 'socket' | 'device';

export function kindOf(found: Stats): NoFile | 'file' {
  const kinds = [
    found.isFile() && 'file',
    found.isDirectory() && 'folder',
    found.isFIFO() && 'pipe',
    found.isSocket() && 'socket'
  ] as const;
  return kinds.find(kind => kind !== false) ?? 'device';
}

type About = Omit<Question<never>, 'ask' | 'late'> & { longSeconds: number };

/** An open file of a person, on whatever disk. */
export class OpenFile {
  constructor(
    private readonly handle: FileHandle,
    private readonly about: About
  ) {}

  stat(): Promise<Stats> {
    return this.ask(() => this.handle.stat());
  }

  /** Its bytes from here on, at most so many. */
  async *chunks(most = Infinity): AsyncGenerator<Buffer> {
    for (let left = most; left > 0;) {
      const buffer = Buffer.allocUnsafe(Math.min(left, PIECE_BYTES));
      const { bytesRead } = await this.ask(() => this.handle.read(buffer, 0, buffer.length));
      if (bytesRead === 0) {
        return;
      }
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async readAll(most = Infinity): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.chunks(most)) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length;) {
      const { bytesWritten } = await this.ask(() => this.handle.write(bytes, from));
      from += bytesWritten;
    }
  }

  /** Waits, too, until a network share has all that was written. */
  close(): Promise<void> {
    return this.ask(() => this.handle.close(), this.about.longSeconds);
  }

  private ask<T>(ask: () => Promise<T>, seconds = this.about.seconds): Promise<T> {
    // Nobody else closes it then.
    const late = (): void => void this.handle.close().catch(() => undefined);
    return patiently({ ...this.about, seconds, ask, late });
  }
}
