import { type Hash, createHash } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { ProblemError, problem } from '../../api/problem';
import { diskOf } from '../files/disk';
import type { OpenFile } from '../files/openFile';
import { pieces } from '../files/pieces';

/**
 * One thing to send: a text, a file of this machine, an empty folder, or the checksums of all that went before, as
 * `sha256sum --check` reads them; `path` is relative to the job directory.
 */
export type Sent =
  | { path: string; text: string; mode?: number }
  | { path: string; file: string }
  | { path: string; folder: true }
  | { path: string; checksums: true };

/** Files up to so many bytes are read at once: a stream for each takes longer than all of its bytes. */
const SMALL_BYTES = 256 * 1024;

/**
 * A tar archive of these, in their order, made while it is read. The stream fails when a file cannot be read, or is
 * no longer as long as it was when its turn came.
 *
 * @param passed is told how many bytes have been read so far, at each piece.
 */
export function archive(
  things: readonly Sent[],
  passed: (bytes: number) => void = () => undefined
): Readable {
  return Readable.from(chunksOf(things, passed), { objectMode: false });
}

async function* chunksOf(
  things: readonly Sent[],
  passed: (bytes: number) => void
): AsyncGenerator<Buffer> {
  const archived = pack();
  let failure: unknown = null;
  const filled = fill(archived, things).catch((error: unknown) => {
    failure = error;
    archived.destroy();
  });
  try {
    let bytes = 0;
    for await (const piece of pieces(Readable.from(archived))) {
      yield piece;
      bytes += piece.length;
      passed(bytes);
    }
  } catch (error) {
    // The archive fails with its file, and knows less of it.
    failure ??= error;
  } finally {
    archived.destroy();
    await filled;
  }
  if (failure !== null) {
    throw failure;
  }
}

async function fill(archived: Pack, things: readonly Sent[]): Promise<void> {
  const sums: string[] = [];
  for (const thing of things) {
    if ('file' in thing) {
      sums.push(checksum(thing.path, await addFile(archived, thing)));
    } else if ('folder' in thing) {
      archived.entry({ name: thing.path, type: 'directory', mode: 0o700 });
    } else if ('checksums' in thing) {
      await addWhole(archived, { name: thing.path, mode: 0o600 }, Buffer.from(sums.join('')));
    } else {
      sums.push(checksum(thing.path, createHash('sha256').update(thing.text)));
      const header = { name: thing.path, mode: thing.mode ?? 0o600 };
      await addWhole(archived, header, Buffer.from(thing.text));
    }
  }
  archived.finalize();
}

/** Adds what is in memory, at the archive's pace: all of it would be in memory otherwise. */
function addWhole(
  archived: Pack,
  header: Parameters<Pack['entry']>[0],
  bytes: Buffer
): Promise<void> {
  return new Promise((resolve, reject) => {
    archived
      .entry(header, bytes, error => (error ? reject(error) : resolve()))
      // An archive that is given up ends its entry with an error, which would end the process.
      .on('error', reject);
  });
}

/** A line of `sha256sum`: it begins with a backslash where the name has characters that are written in another way. */
function checksum(name: string, hash: Hash): string {
  const written = name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${written === name ? '' : '\\'}${hash.digest('hex')}  ${written}\n`;
}

/** Adds a file; the hash has seen its bytes as they were sent. */
async function addFile(
  archived: Pack,
  { path: name, file }: { path: string; file: string }
): Promise<Hash> {
  try {
    const opened = await diskOf(path.dirname(file), 'send').openFile(file);
    try {
      return await addOpened(archived, name, opened, file);
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof ProblemError) {
      throw error;
    }
    const output = error instanceof Error ? error.message : String(error);
    throw problem('file-unreadable', { file }, { details: { output }, cause: error });
  }
}

async function addOpened(
  archived: Pack,
  name: string,
  opened: OpenFile,
  file: string
): Promise<Hash> {
  const hash = createHash('sha256');
  const { size, mode, mtime } = await opened.stat();
  const header = { name, size, mode: (mode & 0o700) | 0o600, mtime };
  const expect = (length: number): void => {
    if (length < size) {
      throw new Error(`${file} became shorter while it was sent: submit it again when it is whole`);
    }
  };
  if (size <= SMALL_BYTES) {
    const bytes = await opened.readAll(size);
    expect(bytes.length);
    await addWhole(archived, header, bytes);
    return hash.update(bytes);
  }
  const entry = archived.entry(header);
  const seen = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let length = 0;
    for await (const chunk of chunks) {
      hash.update(chunk);
      length += chunk.length;
      yield chunk;
    }
    expect(length);
  };
  await pipeline(opened.chunks(size), seen, entry);
  return hash;
}
