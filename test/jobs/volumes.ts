import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeTemp } from '../makeTemp';

/** A folder with special abilities, until `undo`. */
export interface Volume {
  folder: string;
  undo: () => void;
}

/** Bytes of a small disk, and the most of one that a test may fill. */
const SMALL_DISK = 4_000_000;
const LARGEST_DISK = 200_000_000;

/** Where containers have small disks in memory. */
const SMALL_DISKS = ['/dev/shm', '/dev', '/run/lock', '/run'];

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

/** A disk of four megabytes, or a folder on a small one that is there; null without both. */
export function smallDisk(): Volume | null {
  const disk = path.join(makeTemp(), 'disk');
  mkdirSync(disk);
  if (mount('-t', 'tmpfs', '-o', `size=${SMALL_DISK}`, 'none', disk)) {
    return { folder: disk, undo: () => unmount(disk) };
  }
  const small = SMALL_DISKS.find(isSmall);
  if (small === undefined) {
    return null;
  }
  const folder = path.join(small, path.basename(path.dirname(disk)));
  mkdirSync(folder);
  return { folder, undo: () => rmSync(folder, { recursive: true, force: true }) };
}

function isSmall(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return freeBytes(folder) >= SMALL_DISK && freeBytes(folder) <= LARGEST_DISK;
  } catch {
    return false;
  }
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
