/** Whether `text` holds one of the signs that Python's glob gives a meaning: `*`, `?`, `[…]`. */
export function hasWildcard(text: string): boolean {
  return /[*?]|\[.+\]/s.test(text);
}

/** A glob up to its first sign. */
export function fixedPart(pattern: string): string {
  return pattern.replace(/[*?[].*$/s, '');
}

/**
 * Whether one name (no '/') matches one part of a glob, as Python's fnmatch does it on POSIX: case
 * counts, a backslash is a character like any other, and a leading dot must be written out.
 *
 * Not a regular expression: a pattern comes from anybody's notebook, and `*a*a*a*b` as one could
 * keep the sidecar busy for hours. This takes at most length of pattern × length of name.
 */
export function matchName(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) {
    return false;
  }
  const parts = globParts(pattern);
  const letters = Array.from(name);
  let part = 0;
  let letter = 0;
  let star = -1;
  let afterStar = 0;
  while (letter < letters.length) {
    const current = parts[part];
    if (current === 'any') {
      star = part;
      part += 1;
      afterStar = letter;
    } else if (current?.(letters[letter] ?? '') === true) {
      part += 1;
      letter += 1;
    } else if (star >= 0) {
      // The last star swallows one letter more; earlier ones need no second try.
      part = star + 1;
      afterStar += 1;
      letter = afterStar;
    } else {
      return false;
    }
  }
  return parts.slice(part).every(rest => rest === 'any');
}

type GlobPart = 'any' | ((letter: string) => boolean);

function globParts(pattern: string): GlobPart[] {
  const parts: GlobPart[] = [];
  for (const [sign] of pattern.matchAll(/\*+|\[!?[^][^\]]*\]|[^]/gu)) {
    if (sign.startsWith('*')) {
      parts.push('any');
    } else if (sign === '?') {
      parts.push(() => true);
    } else if (sign.length > 1) {
      parts.push(letterSet(sign.slice(1, -1)));
    } else {
      parts.push(letter => letter === sign);
    }
  }
  return parts;
}

function letterSet(inside: string): (letter: string) => boolean {
  const negated = inside.startsWith('!');
  const ranges = [...(negated ? inside.slice(1) : inside).matchAll(/([^])-([^])|[^]/gu)].map(
    ([one, from, to]) => [from ?? one, to ?? one] as const
  );
  return letter => ranges.some(([from, to]) => from <= letter && letter <= to) !== negated;
}
