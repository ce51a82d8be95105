import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeTemp } from '../makeTemp';

/** A folder with special abilities, until `undo`. */
export interface Volume {
  folder: string;
  undo: () => void;
}

/** Bytes of a small disk. */
const SMALL_DISK = 4_000_000;

/** Another view of a folder, through which nothing can be written; null where this user may not mount. */
export function readOnlyView(folder: string): Volume | null {
  const view = path.join(makeTemp(), 'read-only');
  mkdirSync(view);
  if (!mount('--bind', folder, view)) {
    return null;
  }
  const undo = (): void => unmount(view);
  if (!mount('-o', 'remount,bind,ro', view)) {
    undo();
    return null;
  }
  return { folder: view, undo };
}

/** A disk of four megabytes, or a folder on the small one that containers have for shared memory; null without both. */
export function smallDisk(): Volume | null {
  const disk = path.join(makeTemp(), 'disk');
  mkdirSync(disk);
  if (mount('-t', 'tmpfs', '-o', `size=${SMALL_DISK}`, 'none', disk)) {
    return { folder: disk, undo: () => unmount(disk) };
  }
  const shared = '/dev/shm';
  if (freeBytes(shared) > 200_000_000) {
    return null;
  }
  const folder = path.join(shared, path.basename(path.dirname(disk)));
  mkdirSync(folder);
  return { folder, undo: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Fills a disk up to its last few kilobytes; returns what makes room again. */
export function fill(folder: string): () => void {
  const filler = path.join(folder, '.filler');
  writeFileSync(filler, Buffer.alloc(Math.max(0, freeBytes(folder) - 8192)));
  return () => rmSync(filler);
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function mount(...argv: string[]): boolean {
  try {
    execFileSync('mount', argv, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function unmount(folder: string): void {
  execFileSync('umount', ['-l', folder]);
}
