/** How many characters of a name's end stay to be seen: enough for `_run12`. */
const TAIL = 6;

/** An ending such as `.ipynb`, which says less than what stands before it, and so comes on top. */
const ENDING = /\.[A-Za-z0-9]{1,6}$/;

/**
 * A name in two parts, to be truncated in the middle: the first gives way where there is no room, the second stays.
 * Never cuts a character in two; a short name has no second part.
 */
export function splitName(name: string): [head: string, tail: string] {
  const characters = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  const tail = TAIL + (ENDING.exec(name)?.[0].length ?? 0);
  return characters.length <= TAIL + tail
    ? [name, '']
    : [characters.slice(0, -tail).join(''), characters.slice(-tail).join('')];
}
