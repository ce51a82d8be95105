import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  access,
  copyFile,
  constants,
  link,
  mkdir,
  readdir,
  rename,
  rm,
  stat,
  unlink
} from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { problem } from '../api/problem';
import type { Faults } from './faults';

/** Makes an empty folder for a download, in the folder that the result goes to, so that placing it is a rename. */
export async function makeStaging(place: string, id: string): Promise<string> {
  const staging = path.join(place, `.jupyterlab-submit.${id}.part`);
  try {
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { mode: 0o700 });
    return staging;
  } catch (error) {
    throw asProblem(error, place);
  }
}

/**
 * Gives a finished file its name; never over anything. A file of the same content that is there already is taken
 * for our own, placed before a crash.
 *
 * @returns the name that it got: `target`, or `target` with a number where something else has that name.
 */
export async function placeFile(faults: Faults, file: string, target: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? target : numbered(target, number);
    if (await isThere(name)) {
      if (await sameContent(file, name)) {
        return name;
      }
      continue;
    }
    await faults.async(() => moveWithoutOverwriting(file, name));
    return name;
  }
}

/** Moves every file below `folder` to the same place below `target`; returns the paths that they got. */
export async function placeFolder(
  faults: Faults,
  folder: string,
  target: string
): Promise<Map<string, string>> {
  const placed = new Map<string, string>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter(found => found.isFile())) {
    const source = path.join(entry.parentPath, entry.name);
    const relative = path.relative(folder, source);
    const goal = path.join(target, relative);
    await mkdir(path.dirname(goal), { recursive: true });
    placed.set(relative, path.relative(target, await placeFile(faults, source, goal)));
  }
  return placed;
}

/** Turns an error of this machine's file system into the problem that a person can do something about. */
export function asProblem(error: unknown, place: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const more = { details: { output: error instanceof Error ? error.message : '' }, cause: error };
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return problem('folder-read-only', { folder: place }, more);
    case 'ENOSPC':
    case 'EDQUOT':
      return problem('disk-full', { folder: place }, more);
    case 'ENOENT':
    case 'ENOTDIR':
      return problem('source-folder-missing', { folder: place }, more);
    default:
      return error;
  }
}

function numbered(target: string, number: number): string {
  const { dir, name, ext } = path.parse(target);
  return path.join(dir, `${name}-${number}${ext}`);
}

async function isThere(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false
  );
}

/** A hard link fails where a rename would replace; some file systems have no hard links, and copy exclusively. */
async function moveWithoutOverwriting(file: string, target: string): Promise<void> {
  try {
    await link(file, target);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'EMLINK') {
      throw error;
    }
    await copyThenRename(file, target);
  }
  await unlink(file).catch(() => undefined);
}

async function copyThenRename(file: string, target: string): Promise<void> {
  const reserved = `${target}.part`;
  await copyFile(file, reserved, constants.COPYFILE_EXCL);
  await rename(reserved, target);
}

async function sameContent(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([stat(one), stat(other)]);
  return (
    second.isFile() && first.size === second.size && (await digest(one)) === (await digest(other))
  );
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
