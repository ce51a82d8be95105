import { constants } from 'node:fs';
import { type FileHandle, copyFile, mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Extract } from 'tar-stream';
import { Collected } from './remote/collected';

/** Files up to so many bytes are written several at a time: one after the other, each waits for the disk by itself. */
const SMALL_BYTES = 256 * 1024;

/** How many. */
const TOGETHER = 32;

/** One thing in an archive. */
type Entry = Extract extends AsyncIterable<infer E> ? E : never;

/** What has come out of an archive. */
export interface Unpacked {
  /** Names in the archive that were asked for. */
  arrived: Set<string>;
  /** Places whose names this file system does not take. */
  unnamable: string[];
}

/** Hands Node's stream to the archive's, which is of another kind, at the archive's pace. */
export async function pump(received: Readable, archived: Extract): Promise<void> {
  const closed = new Promise<void>(resolve => archived.once('close', resolve));
  for await (const chunk of received) {
    if (!archived.write(chunk) && !archived.destroyed) {
      await Promise.race([new Promise<void>(resolve => archived.once('drain', resolve)), closed]);
    }
  }
  archived.end(null);
}

/** Writes the files of an archive that have places, by their names in it; nothing else, and nothing over another. */
export async function unpack(
  archived: Extract,
  places: ReadonlyMap<string, readonly string[]>
): Promise<Unpacked> {
  const arrived = new Set<string>();
  const files = new Files();
  for await (const entry of archived) {
    const { name, size, type } = entry.header;
    const [first, ...others] = places.get(name) ?? [];
    if (first === undefined || type !== 'file' || arrived.has(name)) {
      entry.resume();
      continue;
    }
    arrived.add(name);
    if ((size ?? 0) > SMALL_BYTES) {
      await files.stream(entry, first);
      for (const other of others) {
        await files.make(other, () => copyFile(first, other, constants.COPYFILE_EXCL));
      }
    } else {
      const collected = new Collected();
      await pipeline(entry, collected);
      await files.write([first, ...others], collected.bytes);
    }
  }
  await files.flush();
  return { arrived, unnamable: files.unnamable };
}

/** Files that are written below a folder of ours. One that this machine cannot have keeps no other back; a full disk does. */
class Files {
  readonly unnamable: string[] = [];
  private readonly folders = new Set<string>();
  private readonly small: { place: string; bytes: Buffer }[] = [];

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
        .map(({ place, bytes }) => this.make(place, () => writeFile(place, bytes, { flag: 'wx' })))
    );
  }

  async stream(entry: Entry, place: string): Promise<void> {
    // A stream that cannot be opened would take the archive with it.
    let file: FileHandle | undefined;
    try {
      await this.make(place, async () => {
        file = await open(place, 'wx');
      });
    } catch (error) {
      // Nobody will read it, and the archive would wait for that.
      entry.destroy();
      throw error;
    }
    if (file) {
      await pipeline(entry, file.createWriteStream());
    } else {
      entry.resume();
    }
  }

  async make(place: string, write: () => Promise<void>): Promise<void> {
    const folder = path.dirname(place);
    try {
      if (!this.folders.has(folder)) {
        await mkdir(folder, { recursive: true });
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
