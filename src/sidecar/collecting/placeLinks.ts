import path from 'node:path';
import type { LeftFile, LeftReason } from '../../api/resultFiles';
import type { Disk } from '../files/disk';
import { isThere, numbered } from '../files/place';
import type { FilesFolder } from './filesFolder';
import { isAboutName } from './unpack';

/** A link to make; both paths are below the files folder. */
export interface Link {
  path: string;
  target: string;
}

/** A link that is here: as a file without bytes, `from` where another name was free. */
interface Made {
  path: string;
  bytes: number;
  from?: string;
}

/**
 * Makes links in the files folder, each to something in it that is there, and never over anything.
 *
 * @param names What came under another name than its own.
 */
export async function placeLinks(
  results: FilesFolder,
  links: readonly Link[],
  names: ReadonlyMap<string, string>
): Promise<{ made: Made[]; left: LeftFile[] }> {
  const { root } = results;
  const made: Made[] = [];
  const left: LeftFile[] = [];
  const known = new Map(names);
  let waiting = [...links];
  for (let before = -1; before !== waiting.length;) {
    before = waiting.length;
    // A link may lead to another one, which has to be there first.
    const still: Link[] = [];
    for (const link of waiting) {
      const target = path.join(root, known.get(link.target) ?? link.target);
      if (!(await isThere(results.disk, target))) {
        still.push(link);
        continue;
      }
      const placed = await place(results, link.path, target);
      if ('why' in placed) {
        left.push({ path: link.path, bytes: 0, reason: placed.why });
      } else {
        const name = path.relative(root, placed.name);
        known.set(link.path, name);
        made.push({ path: name, bytes: 0, ...(name !== link.path && { from: link.path }) });
      }
    }
    waiting = still;
  }
  left.push(
    ...waiting.map(link => ({ path: link.path, bytes: 0, reason: 'link-target' as const }))
  );
  return { made, left };
}

/** What file systems without links answer. */
const NO_LINKS = new Set<unknown>(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function place(
  results: FilesFolder,
  link: string,
  target: string
): Promise<{ name: string } | { why: LeftReason }> {
  try {
    const wanted = path.join(await results.make(path.dirname(link)), path.basename(link));
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? wanted : numbered(wanted, number);
      const text = path.relative(path.dirname(name), target) || '.';
      if (await makeLink(results.disk, text, name)) {
        return { name };
      }
    }
  } catch (error) {
    if (NO_LINKS.has(codeOf(error))) {
      return { why: 'no-links' };
    }
    if (isAboutName(error)) {
      return { why: 'name' };
    }
    throw error;
  }
}

/** False where something else has the name. */
async function makeLink(disk: Disk, text: string, name: string): Promise<boolean> {
  try {
    await disk.symlink(text, name);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await isThere(disk, name))) {
      return (await disk.lstat(name)).isSymbolicLink() && (await disk.readlink(name)) === text;
    }
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
