import { lstat, mkdir, readlink, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { LeftFile, LeftReason } from '../api/resultFiles';
import type { Faults } from './faults';
import { isThere, numbered } from './place';
import { isAboutName } from './unpack';

/** A link to make; both paths are below the results folder. */
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
 * Makes links in the results folder, each to something in it that is there, and never over anything.
 *
 * @param names What came under another name than its own.
 */
export async function placeLinks(
  faults: Faults,
  folder: string,
  links: readonly Link[],
  names: ReadonlyMap<string, string>
): Promise<{ made: Made[]; left: LeftFile[] }> {
  const made: Made[] = [];
  const left: LeftFile[] = [];
  const known = new Map(names);
  let waiting = [...links];
  for (let before = -1; before !== waiting.length;) {
    before = waiting.length;
    // A link may lead to another one, which has to be there first.
    const still: Link[] = [];
    for (const link of waiting) {
      const target = path.join(folder, known.get(link.target) ?? link.target);
      if (!(await isThere(target))) {
        still.push(link);
        continue;
      }
      const placed = await place(faults, path.join(folder, link.path), target);
      if ('why' in placed) {
        left.push({ path: link.path, bytes: 0, reason: placed.why });
      } else {
        const name = path.relative(folder, placed.name);
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
  faults: Faults,
  link: string,
  target: string
): Promise<{ name: string } | { why: LeftReason }> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? link : numbered(link, number);
    const text = path.relative(path.dirname(name), target) || '.';
    try {
      await mkdir(path.dirname(name), { recursive: true });
      await faults.async(() => symlink(text, name));
      return { name };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EEXIST' && (await isThere(name))) {
        if ((await lstat(name)).isSymbolicLink() && (await readlink(name)) === text) {
          return { name };
        }
      } else if (NO_LINKS.has(code)) {
        return { why: 'no-links' };
      } else if (isAboutName(error)) {
        return { why: 'name' };
      } else {
        throw error;
      }
    }
  }
}
