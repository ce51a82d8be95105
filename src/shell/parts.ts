/**
 * An answer of one remote command to several questions: parts, each below a line that begins with a mark and says what it
 * is. Where what is printed may be somebody else's, the mark is one that they cannot know.
 */

/** One part of an answer. */
export interface Part {
  /** The first word behind the mark. */
  kind: string;
  /** What else stands in that line. */
  rest: string;
  /** All that stands below, up to the next part, however many lines. */
  text: string;
}

/**
 * A shell statement that begins a part, wherever the last line has ended.
 *
 * @param heading What stands behind the mark, as printf's format.
 * @param words What goes where `heading` has `%s`: words of the shell as they are, with their quotes.
 */
export function beginPart(mark: string, heading: string, ...words: readonly string[]): string {
  return [`printf '\\n${mark} ${heading}\\n'`, ...words].join(' ');
}

/** The parts of an answer, in their order; what stands before the first is nobody's. */
export function readParts(text: string, mark: string): Part[] {
  return `\n${text}`.split(`\n${mark} `).slice(1).map(readPart);
}

function readPart(part: string): Part {
  const [heading, text] = cut(part, '\n');
  const [kind, rest] = cut(heading, ' ');
  return { kind, rest, text };
}

function cut(text: string, at: string): [string, string] {
  const place = text.indexOf(at);
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)];
}
