import type { Stats } from 'node:fs';
import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Folder } from '../job/folder';
import { isNotMeant } from '../job/leftOut';

/** The folder of a notebook on the user's machine, as the reader of notebooks sees it. */
export function sourceFolder(root: string): Folder {
  const place = (relative: string): string => path.join(root, relative);
  return {
    name: path.basename(root),
    stat: async relative => {
      const found = await stat(place(relative)).catch(() => null);
      if (found?.isFile()) {
        return { kind: 'file', bytes: found.size };
      }
      const isFolder = found?.isDirectory() === true && !(await leadsBack(root, relative));
      return isFolder ? { kind: 'folder', bytes: 0 } : null;
    },
    list: relative => readdir(place(relative)).catch(() => []),
    read: relative => readFile(place(relative), 'utf8').catch(() => null),
    outside: async literal => {
      const expanded = literal.replace(/^~(?=\/|$)/, homedir());
      const found = await stat(path.resolve(root, expanded)).catch(() => null);
      return found === null ? null : found.isDirectory() ? 'folder' : 'file';
    }
  };
}

/** Whether a folder is, by links, one of those that lead to it: a walk would never end. */
async function leadsBack(root: string, relative: string): Promise<boolean> {
  if (relative === '') {
    return false;
  }
  const segments = relative.split('/');
  const above = segments.map((_, depth) => segments.slice(0, depth).join('/'));
  const [real = '', ...passed] = await Promise.all(
    [relative, ...above].map(folder => realpath(path.join(root, folder)))
  );
  return passed.some(folder => `${folder}/`.startsWith(`${real}/`));
}

/**
 * All files below a folder, relative to it, in order; links to folders are followed. Without what nobody
 * means by a pattern: histories, caches, results of earlier jobs.
 */
export async function listFiles(root: string, below = ''): Promise<string[]> {
  const entries = await readdir(path.join(root, below), { withFileTypes: true }).catch(() => []);
  const nested = await Promise.all(
    entries.map(async entry => {
      const relative = below === '' ? entry.name : `${below}/${entry.name}`;
      const kind = entry.isSymbolicLink() ? await linkedKind(root, relative) : entry;
      if (kind?.isDirectory()) {
        return isNotMeant(entry.name) ? [] : listFiles(root, relative);
      }
      return kind?.isFile() ? [relative] : [];
    })
  );
  return nested.flat().toSorted();
}

/** What a link leads to; null for nothing, and for a folder above itself. */
async function linkedKind(root: string, relative: string): Promise<Stats | null> {
  const kind = await stat(path.join(root, relative)).catch(() => null);
  return kind?.isDirectory() && (await leadsBack(root, relative)) ? null : kind;
}
