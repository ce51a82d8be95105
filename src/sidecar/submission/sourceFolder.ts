import type { Stats } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { ProblemError } from '../../api/problem';
import type { Folder } from '../../needs/folder';
import { isNotMeant } from '../../needs/leftOut';
import { type Disk, diskOf } from '../files/disk';

/** The most bytes of code that are looked into: code is none that is longer, and each reader has all of it in memory. */
const MOST_BYTES = 64_000_000;

/** Seconds for what a notebook names elsewhere, of which only is said that it stays there. */
const ELSEWHERE_SECONDS = 2;

/**
 * The folder of a notebook on the user's machine, as the reader of notebooks sees it. Where its disk does not answer, each
 * call throws a ProblemError (`disk-silent`).
 */
export function sourceFolder(root: string): Folder {
  const disk = diskOf(root, 'read');
  const place = (relative: string): string => path.join(root, relative);
  return {
    name: path.basename(root),
    stat: async relative => {
      const found = await disk.stat(place(relative)).catch(orElse(null));
      if (found?.isFile()) {
        return { kind: 'file', bytes: found.size };
      }
      const isFolder = found?.isDirectory() === true && !(await leadsBack(disk, root, relative));
      return isFolder ? { kind: 'folder', bytes: 0 } : null;
    },
    list: relative => disk.readdir(place(relative)).catch(orElse([])),
    read: relative =>
      disk.readAll(place(relative), MOST_BYTES).then(bytes => bytes.toString(), orElse(null)),
    outside: async literal => {
      const expanded = literal.replace(/^~(?=\/|$)/, homedir());
      const file = path.resolve(root, expanded);
      const other = diskOf(path.dirname(file), 'read', ELSEWHERE_SECONDS);
      const found = await other.stat(file).catch((error: unknown) => {
        // Something is there that does not answer.
        return error instanceof ProblemError ? SILENT : null;
      });
      return found === null ? null : found.isDirectory() ? 'folder' : 'file';
    }
  };
}

const SILENT = { isDirectory: () => false };

/** For what is missing or cannot be read, something else; a disk that does not answer is no reason to go on. */
function orElse<T>(other: T): (error: unknown) => T {
  return error => {
    if (error instanceof ProblemError) {
      throw error;
    }
    return other;
  };
}

/** Whether a folder is, by links, one of those that lead to it: a walk would never end. */
async function leadsBack(disk: Disk, root: string, relative: string): Promise<boolean> {
  if (relative === '') {
    return false;
  }
  const segments = relative.split('/');
  const above = segments.map((_, depth) => segments.slice(0, depth).join('/'));
  const [real = '', ...passed] = await Promise.all(
    [relative, ...above].map(folder => disk.realpath(path.join(root, folder)))
  );
  return passed.some(folder => `${folder}/`.startsWith(`${real}/`));
}

/**
 * All files below a folder, relative to it, in order; links to folders are followed. Without what nobody
 * means by a pattern: histories, caches, results of earlier jobs.
 */
export function listFiles(root: string): Promise<string[]> {
  return filesBelow(diskOf(root, 'read'), root, '');
}

async function filesBelow(disk: Disk, root: string, below: string): Promise<string[]> {
  const entries = await disk
    .readdir(path.join(root, below), { withFileTypes: true })
    .catch(orElse([]));
  const nested = await Promise.all(
    entries.map(async entry => {
      const relative = below === '' ? entry.name : `${below}/${entry.name}`;
      const kind = entry.isSymbolicLink() ? await linkedKind(disk, root, relative) : entry;
      if (kind?.isDirectory()) {
        return isNotMeant(entry.name) ? [] : filesBelow(disk, root, relative);
      }
      return kind?.isFile() ? [relative] : [];
    })
  );
  return nested.flat().toSorted();
}

/** What a link leads to; null for nothing, and for a folder above itself. */
async function linkedKind(disk: Disk, root: string, relative: string): Promise<Stats | null> {
  const kind = await disk.stat(path.join(root, relative)).catch(orElse(null));
  return kind?.isDirectory() && (await leadsBack(disk, root, relative)) ? null : kind;
}
