import ignore from 'ignore';

import { isLeftOut } from './leftOut';

/**
 * Which of `paths` a person's patterns select: those that `include` matches and `exclude` doesn't.
 *
 * Patterns are gitignore's: `data/` is a folder with all below, `*.csv` at any depth, `/x.csv` only
 * beside the notebook, which `./x.csv` says as well; case counts. An exclusion also holds below a
 * selected folder, and `!x` among `include` is one more exclusion (gitignore's own reading of it
 * could never take a file out of a folder). Patterns with a problem select nothing.
 *
 * `paths` are relative to the notebook's folder, '/'-separated; their order is kept.
 */
export function selectFiles(
  paths: readonly string[],
  include: readonly string[],
  exclude: readonly string[]
): string[] {
  const negated = include.filter(pattern => pattern.startsWith('!'));
  const selected = matcher(include.filter(pattern => !pattern.startsWith('!')));
  const deselected = matcher([...exclude, ...negated.map(pattern => pattern.slice(1))]);
  return paths.filter(
    path =>
      ignore.isPathValid(path) &&
      !isLeftOut(path) &&
      selected.ignores(path) &&
      !deselected.ignores(path)
  );
}

/**
 * Why a pattern can never select a file: it leads out of the notebook's folder (`../x`, `~/x`), it
 * is empty or a comment (a name that starts with # is written `\#x`), or it has control characters,
 * which would be several patterns, or none. A leading `/` is the notebook's folder, not the system's.
 */
export function patternProblem(pattern: string): PatternProblem | null {
  if (/[\u0000-\u001f\u007f]/.test(pattern)) {
    return 'control';
  }
  const plain = anchored(pattern.trim().replace(/^!/, ''));
  const segments = plain.split('/');
  if (segments.includes('..') || /^~[^/]*\//.test(plain)) {
    return 'outside';
  }
  const isComment = pattern.startsWith('#');
  return isComment || segments.every(segment => segment === '' || segment === '.') ? 'empty' : null;
}

export type PatternProblem = 'outside' | 'empty' | 'control';

function matcher(patterns: readonly string[]): ReturnType<typeof ignore> {
  const usable = patterns.filter(pattern => patternProblem(pattern) === null);
  return ignore({ ignorecase: false }).add(usable.map(anchored));
}

/** gitignore knows no `./`; without this such a pattern would match nothing. */
function anchored(pattern: string): string {
  return pattern.replace(/^(\.\/+)+/, '/');
}
