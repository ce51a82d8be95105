import { constants } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Extract } from 'tar-stream';
import type { Disk } from '../files/disk';
import type { OpenFile } from '../files/openFile';
import { pieces } from '../files/pieces';

/** Files up to so many bytes are written several at a time: one after the other, each waits for the disk by itself. */
const SMALL_BYTES = 256 * 1024;

/** How many. */
const TOGETHER = 32;

/** One thing in an archive. */
type Entry = Extract extends AsyncIterable<infer E> ? E : never;

/** A file that was asked for: where it goes, and how long it was said to be. */
export interface Place {
  bytes: number;
  places: readonly string[];
}

/** What has come out of an archive. */
export interface Unpacked {
  /** Names in the archive that were asked for. */
  arrived: Set<string>;
  /** Those of them that were of another length, and not written. */
  changed: Set<string>;
  /** Places whose names this file system does not take. */
  unnamable: string[];
}

/** An archive that cannot be read to its end: cut on its way, longer than can be, or none at all. */
export class BrokenArchive extends Error {}

/** Bytes of an archive beside its files: headers, long names, fillings. */
const MOST_OVERHEAD = 64 * 1024;

/** How much longer an archive may be than it was said, as files grow: one that goes on and on has an end. */
const MOST_GROWTH = 100_000_000;

/** The most bytes that an archive of these can have. */
export function mostBytes(wanted: Iterable<Pick<Place, 'bytes'>>): number {
  return [...wanted].reduce((sum, { bytes }) => sum + 2 * bytes + MOST_OVERHEAD, MOST_GROWTH);
}

/**
 * Hands Node's stream to the archive's, which is of another kind, at the archive's pace.
 *
 * @param moved is called at each piece.
 */
export async function pump(
  received: Readable,
  archived: Extract,
  most: number,
  moved: () => void
): Promise<void> {
  const closed = new Promise<void>(resolve => archived.once('close', resolve));
  let length = 0;
  for await (const chunk of received as AsyncIterable<Buffer>) {
    length += chunk.length;
    moved();
    if (length > most) {
      throw new BrokenArchive(`more than ${most} bytes`);
    }
    if (!archived.write(chunk) && !archived.destroyed) {
      await Promise.race([new Promise<void>(resolve => archived.once('drain', resolve)), closed]);
    }
  }
  archived.end(null);
}

/**
 * Writes the files of an archive that were asked for, by their names in it, where they are as long as was said; nothing
 * else, and nothing over another.
 *
 * @throws BrokenArchive
 */
export async function unpack(
  disk: Disk,
  archived: Extract,
  wanted: ReadonlyMap<string, Place>
): Promise<Unpacked> {
  const arrived = new Set<string>();
  const changed = new Set<string>();
  const files = new Files(disk);
  for await (const entry of whole(archived)) {
    const { name, size, type } = entry.header;
    const {
      bytes,
      places: [first, ...others]
    } = wanted.get(name) ?? NOWHERE;
    if (first === undefined || type !== 'file' || arrived.has(name)) {
      entry.resume();
      continue;
    }
    arrived.add(name);
    if (size !== bytes) {
      changed.add(name);
      entry.resume();
    } else if (size > SMALL_BYTES) {
      await files.stream(entry, first);
      for (const other of others) {
        await files.make(other, () => disk.copyFile(first, other, constants.COPYFILE_EXCL));
      }
    } else {
      const chunks: Uint8Array[] = [];
      for await (const chunk of whole(entry as AsyncIterable<Uint8Array>)) {
        chunks.push(chunk);
      }
      await files.write([first, ...others], Buffer.concat(chunks));
    }
  }
  await files.flush();
  return { arrived, changed, unnamable: files.unnamable };
}

const NOWHERE: Place = { bytes: 0, places: [] };

/**
 * The parts of an archive. What ends before its time throws, however late it is asked for; a pipeline would wait for the
 * end of a stream that has had it.
 */
async function* whole<T>(parts: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* parts;
  } catch (error) {
    throw new BrokenArchive(error instanceof Error ? error.message : String(error));
  }
}

/** Files that are written below a folder of ours. One that this machine cannot have keeps no other back; a full disk does. */
class Files {
  readonly unnamable: string[] = [];
  private readonly folders = new Set<string>();
  private readonly small: { place: string; bytes: Buffer }[] = [];

  constructor(private readonly disk: Disk) {}

  async write(places: readonly string[], bytes: Buffer): Promise<void> {
    this.small.push(...places.map(place => ({ place, bytes })));
    if (this.small.length >= TOGETHER) {
      await this.flush();
    }
  }

  async flush(): Promise<void> {
    await Promise.all(
      this.small
        .splice(0)
        .map(({ place, bytes }) =>
          this.make(place, () => this.disk.writeFile(place, bytes, { flag: 'wx' }))
        )
    );
  }

  async stream(entry: Entry, place: string): Promise<void> {
    let file: OpenFile | undefined;
    await this.make(place, async () => {
      file = await this.disk.createFile(place);
    });
    if (file === undefined) {
      entry.resume();
      return;
    }
    try {
      for await (const piece of pieces(whole(entry as AsyncIterable<Uint8Array>))) {
        await file.write(piece);
      }
    } finally {
      await file.close();
    }
  }

  async make(place: string, write: () => Promise<void>): Promise<void> {
    const folder = path.dirname(place);
    try {
      if (!this.folders.has(folder)) {
        await this.disk.mkdir(folder, { recursive: true });
        this.folders.add(folder);
      }
      await write();
    } catch (error) {
      if (!isAboutName(error)) {
        throw error;
      }
      this.unnamable.push(place);
    }
  }
}

/** What file systems say of a name: too long, with characters that they do not take, or the same as another to them. */
const ABOUT_NAMES = new Set<unknown>([
  'ENAMETOOLONG',
  'EINVAL',
  'EILSEQ',
  'EEXIST',
  'ENOTDIR',
  'EISDIR'
]);

/** Whether an error is about one name, and not about the disk or the folder as a whole. */
export function isAboutName(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ABOUT_NAMES.has(error.code);
}
