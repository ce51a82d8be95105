/** How many characters of a name's end stay to be seen: enough for `_run12` or `.ipynb`. */
const TAIL = 6;

/**
 * A name in two parts, to be truncated in the middle: the first gives way where there is no room, the second stays.
 * Never cuts a character in two; a short name has no second part.
 */
export function splitName(name: string): [head: string, tail: string] {
  const characters = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  return characters.length <= 2 * TAIL
    ? [name, '']
    : [characters.slice(0, -TAIL).join(''), characters.slice(-TAIL).join('')];
}
