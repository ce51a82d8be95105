import { constants } from 'node:fs';
import path from 'node:path';
import { ProblemError, problem } from '../../api/problem';
import { type Disk, diskOf } from './disk';

/** Why nothing can be put into a folder: what is there is none, or takes nothing; `folder` is the one that is in the way. */
export interface Unfit {
  why: 'no-folder' | 'read-only';
  folder: string;
}

/**
 * Why a folder cannot take results, as far as that can be told before; null when it can. It need not be there: the nearest
 * one above it that is has to take it.
 *
 * @throws ProblemError where the disk does not answer.
 */
export async function unfit(folder: string): Promise<Unfit | null> {
  const disk = diskOf(folder, 'read');
  for (let at = folder; ; at = path.dirname(at)) {
    const kind = await kindOf(disk, at);
    if (kind === 'folder') {
      const isOpen = await disk.access(at, constants.W_OK | constants.X_OK).then(() => true, no);
      return isOpen ? null : { why: 'read-only', folder: at };
    }
    if (kind !== 'nothing') {
      return { why: kind, folder: at };
    }
  }
}

/**
 * Makes a folder for results where it is missing, with the modes that the umask leaves. Folders that are missing above it are
 * made, too, but not that of the source, which somebody has taken away.
 *
 * @throws the problem `place-invalid`, or the error of a file system.
 */
export async function makeDestination(disk: Disk, folder: string, source: string): Promise<void> {
  if (!path.relative(source, folder).startsWith('..')) {
    await disk.stat(source);
  }
  if (await passesStrangeLink(disk, folder)) {
    throw problem('place-invalid', { folder });
  }
  try {
    await make(disk, folder);
  } catch (error) {
    throw codeOf(error) === 'ENOTDIR' || codeOf(error) === 'ENOENT'
      ? problem('place-invalid', { folder }, { cause: error })
      : error;
  }
}

/** One by one: Node.js itself tries without an end where a file system makes no folders and says that there are none. */
async function make(disk: Disk, folder: string): Promise<void> {
  try {
    await disk.mkdir(folder);
  } catch (error) {
    const above = path.dirname(folder);
    const code = codeOf(error);
    if (code === 'EEXIST') {
      if ((await kindOf(disk, folder)) !== 'folder') {
        throw problem('place-invalid', { folder }, { cause: error });
      }
    } else if (code === 'ENOENT' && (await kindOf(disk, above)) === 'nothing') {
      await make(disk, above);
      await make(disk, folder);
    } else {
      throw error;
    }
  }
}

async function kindOf(disk: Disk, file: string): Promise<'folder' | 'nothing' | Unfit['why']> {
  try {
    return (await disk.stat(file)).isDirectory() ? 'folder' : 'no-folder';
  } catch (error) {
    if (error instanceof ProblemError) {
      throw error;
    }
    const code = codeOf(error);
    if (code === 'EACCES') {
      return 'read-only';
    }
    // A link that leads nowhere is there.
    const isNothing =
      code === 'ENOTDIR' || (code === 'ENOENT' && (await linkOf(disk, file)) === null);
    return isNothing ? 'nothing' : 'no-folder';
  }
}

/**
 * Whether a link leads there that another account has put into a folder which is not its own, as it can where several write: it
 * may lead anywhere. A link of the system's is right, as for /home.
 */
async function passesStrangeLink(disk: Disk, folder: string): Promise<boolean> {
  for (let at = folder; at !== '/'; at = path.dirname(at)) {
    const link = await linkOf(disk, at);
    if (link !== null) {
      const above = await disk.stat(path.dirname(at));
      if (![0, process.getuid?.(), above.uid].includes(link.uid)) {
        return true;
      }
    }
  }
  return false;
}

async function linkOf(disk: Disk, file: string): Promise<{ uid: number } | null> {
  const found = await disk.lstat(file).catch((error: unknown) => {
    no(error);
    return null;
  });
  return found?.isSymbolicLink() ? found : null;
}

/** What a disk that does not answer has not said. */
function no(error: unknown): false {
  if (error instanceof ProblemError) {
    throw error;
  }
  return false;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
