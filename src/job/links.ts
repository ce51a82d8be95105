/** A symbolic link that a job made. Paths are relative to the job directory, but for `final`. */
export interface FoundLink {
  source: string;
  /** What the link says. */
  text: string;
  /** What it leads to in the end, in the letters of find's `%Y`: `N` is nothing, `L` a circle. */
  kind: string;
  /** Where it leads in the end: an absolute path without links. */
  final: string;
}

/** What is to be done with a link: it becomes one to `target`, or the file `content`, or stays where it is. */
export type Resolved =
  { target: string } | { content: string } | { why: 'link-broken' | 'link-outside' };

/**
 * What becomes of a link. One that leads to something new is a link again, to the next link where it goes through one. One
 * that leads to a file that was there before the job becomes that file: nothing else of the result would have it.
 *
 * @param root The job directory without links.
 * @param links All links of the job, by source.
 * @param isNew Whether a file is a result itself.
 */
export function resolveLink(
  link: FoundLink,
  root: string,
  links: ReadonlyMap<string, FoundLink>,
  isNew: (source: string) => boolean
): Resolved {
  if (link.kind === 'N' || link.kind === 'L' || link.kind === '?') {
    return { why: 'link-broken' };
  }
  const inside = `${root}/`;
  const final = link.final.startsWith(inside) ? link.final.slice(inside.length) : null;
  if (final === null || !final.startsWith('work/')) {
    return { why: 'link-outside' };
  }
  const next = nextOf(link, inside);
  if (next !== link.source && links.get(next)?.final === link.final) {
    return { target: next };
  }
  return link.kind === 'f' && !isNew(final) ? { content: final } : { target: final };
}

/** What a link names, as its text says. */
function nextOf({ source, text }: FoundLink, inside: string): string {
  if (text.startsWith('/')) {
    return text.startsWith(inside) ? text.slice(inside.length) : text;
  }
  const parts = source.split('/').slice(0, -1);
  for (const part of text.split('/')) {
    if (part === '..') {
      parts.pop();
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return parts.join('/');
}
