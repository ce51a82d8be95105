import { createHash } from 'node:crypto';
import path from 'node:path';
import { ProblemError, problem } from '../../api/problem';
import type { Disk } from './disk';

/**
 * Makes an empty folder for a download, in the folder that the result goes to, so that placing it is a rename. What has
 * its name is left by one that was cut off: no other service has the same mark, and each job is fetched once at a time.
 *
 * @param mark That of the job records (store.ts).
 */
export async function makeStaging(
  disk: Disk,
  place: string,
  id: string,
  mark: string
): Promise<string> {
  const staging = stagingOf(place, id, mark);
  try {
    await clearStaging(disk, place, id, mark);
    await disk.mkdir(staging, { mode: 0o700 });
    return staging;
  } catch (error) {
    throw placeProblem(error, place);
  }
}

/** Removes the folder of a download that is over, or that was cut off when all of it had been placed. */
export async function clearStaging(
  disk: Disk,
  place: string,
  id: string,
  mark: string
): Promise<void> {
  const gone = { recursive: true, force: true };
  await disk.rm(stagingOf(place, id, mark), gone);
}

function stagingOf(place: string, id: string, mark: string): string {
  return path.join(place, `.jupyterlab-submit.${id}.${mark}.part`);
}

/**
 * Gives a finished file its name; never over anything. A file of the same content that is there already is taken
 * for our own, placed before a crash.
 *
 * @returns the name that it got: `target`, or `target` with a number where something else has that name.
 */
export async function placeFile(disk: Disk, file: string, target: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? target : numbered(target, number);
    if (await isThere(disk, name)) {
      if (await sameContent(disk, file, name)) {
        return name;
      }
    } else if (await moveWithoutOverwriting(disk, file, name)) {
      return name;
    }
  }
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
export async function isThere(disk: Disk, file: string): Promise<boolean> {
  return disk.lstat(file).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ProblemError) {
        throw error;
      }
      return false;
    }
  );
}

/** A hard link fails where a rename would replace. False when somebody else has just taken the name. */
async function moveWithoutOverwriting(disk: Disk, file: string, target: string): Promise<boolean> {
  try {
    await disk.link(file, target);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') {
      return false;
    }
    if (!NO_HARD_LINKS.has(code)) {
      throw error;
    }
    return reserveThenRename(disk, file, target);
  }
  await disk.unlink(file).catch(() => undefined);
  return true;
}

/** What file systems without hard links answer, such as those of memory sticks and some network shares. */
const NO_HARD_LINKS = new Set<unknown>(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Takes the name with an empty file of our own, which the rename then replaces. */
async function reserveThenRename(disk: Disk, file: string, target: string): Promise<boolean> {
  try {
    await (await disk.createFile(target)).close();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
  await disk.rename(file, target);
  return true;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

async function sameContent(disk: Disk, one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([disk.stat(one), disk.lstat(other)]);
  return (
    second.isFile() &&
    first.size === second.size &&
    (await digest(disk, one)) === (await digest(disk, other))
  );
}

async function digest(disk: Disk, file: string): Promise<string> {
  const hash = createHash('sha256');
  const opened = await disk.openFile(file);
  try {
    for await (const chunk of opened.chunks()) {
      hash.update(chunk);
    }
  } finally {
    await opened.close();
  }
  return hash.digest('hex');
}
