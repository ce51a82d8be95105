import { statSync } from 'node:fs';
import path from 'node:path';

/**
 * The current folder as the person sees it: `$PWD` keeps the symbolic links that they came through, as long as it is
 * the same folder.
 */
export function currentFolder(environment: NodeJS.ProcessEnv): string {
  const real = process.cwd();
  const seen = environment['PWD'];
  return seen !== undefined && path.isAbsolute(seen) && isSame(seen, real)
    ? path.normalize(seen)
    : real;
}

/** A path for people: relative where it lies below the current folder, with `~` below the home folder. */
export function shownPath(absolute: string, { cwd, home }: { cwd: string; home: string }): string {
  const below = path.relative(cwd, absolute);
  if (below !== '' && !below.startsWith('..') && !path.isAbsolute(below)) {
    return below;
  }
  return home !== '/' && absolute.startsWith(`${home}/`)
    ? `~${absolute.slice(home.length)}`
    : absolute;
}

function isSame(one: string, other: string): boolean {
  try {
    const [a, b] = [statSync(one), statSync(other)];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false;
  }
}
