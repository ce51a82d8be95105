import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { problem } from '../api/problem';
import type { Faults } from './faults';

/**
 * Makes an empty folder for a download, in the folder that the result goes to, so that placing it is a rename. What has
 * its name is left by one that was cut off: no other service has the same mark, and each job is fetched once at a time.
 *
 * @param mark That of the job records (store.ts).
 */
export async function makeStaging(place: string, id: string, mark: string): Promise<string> {
  const staging = path.join(place, `.jupyterlab-submit.${id}.${mark}.part`);
  try {
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { mode: 0o700 });
    return staging;
  } catch (error) {
    throw placeProblem(error, place);
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
    } else if (await faults.async(() => moveWithoutOverwriting(file, name))) {
      return name;
    }
  }
}

/**
 * Moves every file below `folder` to the same place below `target`; returns the paths that they got. Where nothing is
 * there yet, as mostly, the folder itself goes there in one step.
 */
export async function placeFolder(
  faults: Faults,
  folder: string,
  target: string
): Promise<Map<string, string>> {
  const placed = new Map<string, string>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sources = entries
    .filter(found => found.isFile())
    .map(entry => path.join(entry.parentPath, entry.name));
  if (await movedWhole(faults, folder, target)) {
    return new Map(
      sources.map(source => [path.relative(folder, source), path.relative(folder, source)])
    );
  }
  for (const source of sources) {
    const relative = path.relative(folder, source);
    const goal = path.join(target, relative);
    await mkdir(path.dirname(goal), { recursive: true });
    placed.set(relative, path.relative(target, await placeFile(faults, source, goal)));
  }
  return placed;
}

/** Only an empty folder could be replaced, should somebody make one meanwhile (rename(2)). */
async function movedWhole(faults: Faults, folder: string, target: string): Promise<boolean> {
  if (await isThere(target)) {
    return false;
  }
  return faults.async(() =>
    rename(folder, target).then(
      () => true,
      () => false
    )
  );
}

/** Turns an error of this machine's file system into the problem that a person can do something about. */
export function placeProblem(error: unknown, place: string): unknown {
  const code = codeOf(error);
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

export function numbered(target: string, number: number): string {
  const { dir, name, ext } = path.parse(target);
  return path.join(dir, `${name}-${number}${ext}`);
}

/** A link that leads nowhere is there, too. */
export async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false
  );
}

/** A hard link fails where a rename would replace. False when somebody else has just taken the name. */
async function moveWithoutOverwriting(file: string, target: string): Promise<boolean> {
  try {
    await link(file, target);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') {
      return false;
    }
    if (!NO_HARD_LINKS.has(code)) {
      throw error;
    }
    return reserveThenRename(file, target);
  }
  await unlink(file).catch(() => undefined);
  return true;
}

/** What file systems without hard links answer, such as those of memory sticks and some network shares. */
const NO_HARD_LINKS = new Set<unknown>(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Takes the name with an empty file of our own, which the rename then replaces. */
async function reserveThenRename(file: string, target: string): Promise<boolean> {
  try {
    await (await open(target, 'wx')).close();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
  await rename(file, target);
  return true;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

async function sameContent(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([stat(one), lstat(other)]);
  return (
    second.isFile() && first.size === second.size && (await digest(one)) === (await digest(other))
  );
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
