import { hasWildcard } from './glob';

/**
 * What a string in the code would name if it were a path, seen from the notebook's folder, which is
 * the working directory. Only the file system can tell whether it is one; this says what to ask:
 *
 * - `path`: a file or folder below the notebook's folder;
 * - `pattern`: several, for a glob such as `data/*.csv`, and for a template, `data/run_{}.npy` or
 *   `data/run_%03d.npy` or an f-string, whose holes may hold anything;
 * - `outside`: `path` leads out of the folder (`../x`), or starts elsewhere (`/x`, `~/x`); `folder` is
 *   where a file of this name, or of this template, would be written; null where every machine has it.
 *
 * null for what can't be meant as a path, or names nothing in particular: text of more than 1000
 * characters or with a line end; the folder itself; URLs; globs with hardly any fixed text, such as
 * `*` or matplotlib's marker `r*`; templates beside the notebook that say little, such as `{name}.png`; the folders and roots
 * that every machine has of its own (`/`, `/tmp`, `/usr/…`, `/dev/…`, `~` alone).
 *
 * `parts` are the fixed parts of a literal, as pythonReader gives them.
 */
export function literalPath(parts: readonly string[]): LiteralPath | null {
  const value = parts.join('*');
  if (value.length > 1000 || /[\n\r\0]/.test(value) || /^[a-z][a-z0-9+.-]+:\/\//i.test(value)) {
    return null;
  }
  if (value.startsWith('/')) {
    return absolutePath(parts, value);
  }
  const segments = normalSegments(value);
  if (segments[0] === '..') {
    const fixed = fixedSegments(segments);
    return {
      kind: 'outside',
      why: 'outside',
      path: fixed.join('/'),
      folder: writtenIn(parts, segments)
    };
  }
  if (segments.length === 0) {
    return null;
  }
  if (/^~[\w.-]*$/.test(segments[0] ?? '') && segments.length > 1) {
    const fixed = fixedSegments(segments);
    const folder = writtenIn(parts, segments);
    return {
      kind: 'outside',
      why: 'absolute',
      path: fixed.join('/'),
      folder: folder?.includes('/') ? folder : null
    };
  }
  const path = parts.length === 1 ? segments.join('/') : null;
  const pattern = patternOf(segments, parts.length > 1);
  return path === null && pattern === null ? null : { kind: 'inside', path, pattern };
}

export type LiteralPath =
  | { kind: 'inside'; path: string | null; pattern: string | null }
  | { kind: 'outside'; why: 'outside' | 'absolute'; path: string; folder: string | null };

/** Without `.` and doubled slashes, `..` taken back where it can be. */
function normalSegments(value: string): string[] {
  const segments: string[] = [];
  for (const segment of value.split('/')) {
    if (segment === '..' && segments.length > 0 && segments.at(-1) !== '..') {
      segments.pop();
    } else if (segment !== '' && segment !== '.') {
      segments.push(segment);
    }
  }
  return segments;
}

/** The folder of a file that may be there only later; a glob asks for what is there. */
function writtenIn(parts: readonly string[], segments: string[]): string | null {
  const isTemplate =
    parts.length > 1 || segments.join('/').replace(HOLE, '') !== segments.join('/');
  const fixed = fixedSegments(segments);
  if (fixed.length < segments.length) {
    return isTemplate ? fixed.join('/') : null;
  }
  return segments.slice(0, -1).join('/');
}

function absolutePath(parts: readonly string[], value: string): LiteralPath | null {
  const segments = fixedSegments(normalSegments(value)).filter(segment => segment !== '..');
  const [root] = segments;
  if (value.startsWith('//') || root === undefined || OF_THE_SYSTEM.has(root)) {
    return null;
  }
  if (segments.length === 1 && ON_EVERY_MACHINE.has(root)) {
    return null;
  }
  const folder = writtenIn(
    parts,
    normalSegments(value).filter(segment => segment !== '..')
  );
  return {
    kind: 'outside',
    why: 'absolute',
    path: `/${segments.join('/')}`,
    folder: folder === null || folder === '' || ON_EVERY_MACHINE.has(folder) ? null : `/${folder}`
  };
}

/** Everything below is the machine's own, so a cluster has its own as well. */
const OF_THE_SYSTEM: ReadonlySet<string> = new Set(
  'Applications Library System bin boot dev etc lib lib32 lib64 proc sbin sys usr'.split(' ')
);

/** There everywhere, but with people's files below. */
const ON_EVERY_MACHINE: ReadonlySet<string> = new Set(
  'Users Volumes home media mnt opt private root run srv tmp var'.split(' ')
);

/** What stands before the first sign or hole. */
function fixedSegments(segments: string[]): string[] {
  const wild = segments.findIndex(segment => hasWildcard(segment.replace(HOLE, '*')));
  return wild < 0 ? segments : segments.slice(0, wild);
}

function patternOf(segments: string[], isFormat: boolean): string | null {
  const path = segments.join('/');
  const filled = path.replace(HOLE, '*');
  const isTemplate = isFormat || filled !== path;
  if (!hasWildcard(filled)) {
    return null;
  }
  const [first = '', ...rest] = filled.split('/');
  const hasFolder = rest.length > 0 && !hasWildcard(first);
  const isMeant = isTemplate ? isFileTemplate(filled) : hasFixedText(filled);
  return hasFolder || isMeant ? filled : null;
}

/** A name with an ending and two letters or digits before it: `run*.csv`, but not `*.csv` or `Took * s.`. */
function isFileTemplate(pattern: string): boolean {
  const [, stem = ''] = /^(.*)\.[A-Za-z]\w*$/.exec(pattern) ?? [];
  return (stem.match(/[\p{L}\p{N}]/gu) ?? []).length >= 2;
}

/** `{}`, `{name:03d}` of str.format; `%s`, `%(name)03d` of the % operator. */
const HOLE = /\{[^{}/]*\}|%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]/g;

/** An extension, or three letters or digits: `*.csv` and `run*`, but not `*`, `*.*` or `r*-`. */
function hasFixedText(pattern: string): boolean {
  const fixed = pattern.replace(/\[[^\]]*\]/g, '*');
  return /\.\w/.test(fixed) || (fixed.match(/[\p{L}\p{N}]/gu) ?? []).length >= 3;
}
