import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Folder } from '../job/folder';

/** The folder of a notebook on the user's machine, as the reader of notebooks sees it. */
export function sourceFolder(root: string): Folder {
  const place = (relative: string): string => path.join(root, relative);
  return {
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
      return (await stat(path.resolve(root, expanded)).catch(() => null)) !== null;
    }
  };
}

/** Whether a folder is, by a link, one of those above itself: a walk would never end. */
async function leadsBack(root: string, relative: string): Promise<boolean> {
  const [real, above] = await Promise.all([
    realpath(path.join(root, relative)),
    realpath(path.join(root, relative, '..'))
  ]);
  return `${above}/`.startsWith(`${real}/`);
}

/** Folders that nobody means by a pattern: histories, caches, and results of earlier jobs. */
const PASSED_OVER =
  /^(\.git|\.ipynb_checkpoints|__pycache__|node_modules|.*\.[a-z][a-z0-9]{7}\.files)$/;

/** All files below a folder, relative to it, in order. */
export async function listFiles(root: string, below = ''): Promise<string[]> {
  const entries = await readdir(path.join(root, below), { withFileTypes: true }).catch(() => []);
  const nested = await Promise.all(
    entries.map(async entry => {
      const relative = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        return PASSED_OVER.test(entry.name) ? [] : listFiles(root, relative);
      }
      return entry.isFile() || entry.isSymbolicLink() ? [relative] : [];
    })
  );
  return nested.flat().toSorted();
}
