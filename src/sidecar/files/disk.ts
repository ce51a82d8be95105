import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { OpenFile, type NoFile, kindOf } from './openFile';
import { type Use, patiently } from './patience';

/** Seconds that a disk gets for an answer: a network share that is there takes less even when it is busy. */
export const DISK_SECONDS = 20;

/** What does much in one call: whole trees, whole files. */
const LONG_SECONDS = 240;

/** What is neither a file nor a link to one, where a file is to be read. */
export class NotAFile extends Error {
  constructor(
    file: string,
    readonly kind: NoFile
  ) {
    super(`${file} is not a file, but a ${kind}`);
  }
}

/** A file that has more than a reader of it takes. */
export class TooLong extends Error {
  constructor(
    file: string,
    readonly most: number
  ) {
    super(`${file} has more than ${most} bytes`);
  }
}

/** The calls that are only given an end; their last path is named where no answer comes. */
const CALLS = [
  'access',
  'chmod',
  'copyFile',
  'link',
  'lstat',
  'mkdir',
  'readdir',
  'readlink',
  'realpath',
  'rename',
  'rm',
  'stat',
  'symlink',
  'unlink',
  'writeFile'
] as const;
type Calls = Pick<typeof fs, (typeof CALLS)[number]>;

const LONG = new Set<string>(['copyFile', 'rm']);
const OF_TWO_PATHS = new Set<string>(['copyFile', 'link', 'rename', 'symlink']);

/** A folder of a person, on whatever disk: Node's calls for files, of which each comes to an end (`patience.ts`). */
export interface Disk extends Calls {
  /**
   * Opens a file for reading.
   *
   * @throws NotAFile for a folder, and for what opening or reading might wait at: a pipe, a device.
   */
  openFile(file: string): Promise<OpenFile>;
  /** Makes a new file for writing. */
  createFile(file: string): Promise<OpenFile>;
  /**
   * All of a file.
   *
   * @param most How many bytes there may be; no more are read.
   * @throws TooLong for a file with more.
   */
  readAll(file: string, most?: number): Promise<Buffer>;
}

/** The disks that folders lie on. */
export type DiskOf = (folder: string, use: Use) => Disk;

/** @param folder What is asked about lies below it, or is it: all of it shares a few threads. */
export function diskOf(folder: string, use: Use, seconds = DISK_SECONDS): Disk {
  const call = (name: (typeof CALLS)[number]): unknown => {
    return (...given: unknown[]) =>
      patiently({
        folder,
        use,
        file: String(given[OF_TWO_PATHS.has(name) ? 1 : 0]),
        seconds: LONG.has(name) ? LONG_SECONDS : seconds,
        ask: () => (fs[name] as (...all: unknown[]) => Promise<unknown>)(...given)
      });
  };
  const calls = Object.fromEntries(CALLS.map(name => [name, call(name)])) as unknown as Calls;
  const open = async (file: string, flags: number): Promise<OpenFile> => {
    const about = { folder, use, file, seconds, longSeconds: LONG_SECONDS };
    const opened = await patiently({
      ...about,
      ask: () => fs.open(file, flags),
      late: handle => void handle?.close().catch(() => undefined)
    });
    return new OpenFile(opened, about);
  };
  const openFile = async (file: string): Promise<OpenFile> => {
    // Opening alone can do something to a device.
    const kind = kindOf(await calls.stat(file));
    if (kind !== 'file') {
      throw new NotAFile(file, kind);
    }
    const opened = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(
      (error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') {
          // Whoever has a lease on it gives it back first, as a file server does (fcntl(2), F_SETLEASE).
          return open(file, constants.O_RDONLY);
        }
        throw error;
      }
    );
    const found = kindOf(await opened.stat());
    if (found !== 'file') {
      await opened.close();
      throw new NotAFile(file, found);
    }
    return opened;
  };
  return {
    ...calls,
    openFile,
    createFile: file => open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL),
    readAll: async (file, most = Infinity) => {
      const opened = await openFile(file);
      try {
        // A file that grows, and one of /proc, has more than it says.
        const { size } = await opened.stat();
        const bytes = size > most ? null : await opened.readAll(most + 1);
        if (bytes === null || bytes.length > most) {
          throw new TooLong(file, most);
        }
        return bytes;
      } finally {
        await opened.close();
      }
    }
  };
}
