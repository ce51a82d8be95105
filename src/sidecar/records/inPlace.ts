import { type FSWatcher, type Stats, lstatSync, watch } from 'node:fs';
import path from 'node:path';
import { diskOf } from '../files/disk';

/** Milliseconds between two looks. Changes are not always told: not on network disks, and not of folders above. */
const EVERY_MS = 2000;

/** What became of a name that was a file of ours. */
export type Fate = 'in-place' | 'gone' | 'replaced';

/** Calls `lost` once, with the first of these files that is gone or has become another one; returns what ends that. */
export function watchInPlace(
  files: readonly string[],
  lost: (file: string, fate: Fate) => void
): () => void {
  const known = files.map(file => ({ file, was: lstatSync(file) }));
  let isOver = false;
  let isLooking = false;
  const look = async (): Promise<void> => {
    // One that hangs is not joined by others.
    if (isOver || isLooking) {
      return;
    }
    isLooking = true;
    for (const { file, was } of known) {
      const fate = await fateOf(file, was);
      if (fate !== 'in-place' && !isOver) {
        stop();
        lost(file, fate);
      }
    }
    isLooking = false;
  };
  const timer = setInterval(() => void look(), EVERY_MS).unref();
  const [first] = files;
  const watcher = first === undefined ? null : soon(path.dirname(first), () => void look());
  const stop = (): void => {
    isOver = true;
    clearInterval(timer);
    watcher?.close();
  };
  return stop;
}

/** What became of a file; an error that says nothing of it, as of a network, changes nothing. */
export async function fateOf(file: string, was: Stats): Promise<Fate> {
  try {
    const { dev, ino } = await diskOf(path.dirname(file), 'read').lstat(file);
    return dev === was.dev && ino === was.ino ? 'in-place' : 'replaced';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : 'in-place';
  }
}

function soon(folder: string, look: () => void): FSWatcher | null {
  try {
    return watch(folder, { persistent: false }, look).on('error', () => undefined);
  } catch {
    return null;
  }
}
