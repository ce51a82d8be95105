/**
 * The prefix and the still escaped inside of a Python string as it stands in the source; null for
 * what isn't one. A string that a mistake left open reaches to the end of `token`.
 */
export function openString(token: string): OpenString | null {
  const start = /^([A-Za-z]{0,3})("""|'''|"|')/.exec(token);
  const [opening, prefix, quote] = start ?? [];
  if (opening === undefined || prefix === undefined || quote === undefined) {
    return null;
  }
  const closed = token.length >= opening.length + quote.length && token.endsWith(quote);
  const lower = prefix.toLowerCase();
  return {
    raw: lower.includes('r'),
    bytes: lower.includes('b'),
    from: opening.length,
    to: token.length - (closed ? quote.length : 0)
  };
}

export interface OpenString {
  raw: boolean;
  bytes: boolean;
  /** offsets of the inside, in the token */
  from: number;
  to: number;
}

/**
 * What the escapes in `inside` stand for
 * (docs.python.org/3/reference/lexical_analysis.html#escape-sequences). An escape that Python
 * doesn't know stays as it is, backslash included; a name in `\N{…}` becomes U+FFFD.
 */
export function unescape(inside: string): string {
  return inside.replace(
    /\\(?:(\r\n?|\n)|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(N)\{[^}]*\}|([^]))/gu,
    (whole: string, ...groups: (string | undefined)[]) => {
      const [newline, octal, hex2, hex4, hex8, named, letter] = groups;
      if (newline !== undefined) {
        return '';
      }
      if (octal !== undefined) {
        return character(Number.parseInt(octal, 8));
      }
      const hex = hex2 ?? hex4 ?? hex8;
      if (hex !== undefined) {
        return character(Number.parseInt(hex, 16));
      }
      return named === undefined ? (LETTERS.get(letter ?? '') ?? whole) : '\uFFFD';
    }
  );
}

const LETTERS: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v']
]);

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD';
}
