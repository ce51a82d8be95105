/** Characters that take two columns of a terminal: East Asian writing, full-width forms, emoji. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
  return characters(text).reduce((sum, character) => sum + widthOf(character), 0);
}

/** Cuts the end of a text that is wider than `columns`, and shows that by an ellipsis. */
export function cutEnd(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : `${head(characters(text), columns - 1)}…`;
}

/** Cuts the middle out of a text that is wider than `columns`: names differ at either end. */
export function cutMiddle(text: string, columns: number): string {
  if (columnsOf(text) <= columns) {
    return text;
  }
  const all = characters(text);
  const end = head(all.toReversed(), Math.floor((columns - 1) / 2), true);
  return `${head(all, columns - 1 - columnsOf(end))}…${end}`;
}

/** Fills a text with blanks up to `columns`. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

function characters(text: string): string[] {
  return Array.from(CHARACTERS.segment(text), ({ segment }) => segment);
}

function widthOf(character: string): number {
  return WIDE.test(character) ? 2 : 1;
}

function head(all: readonly string[], columns: number, isReversed = false): string {
  const taken: string[] = [];
  let width = 0;
  for (const character of all) {
    width += widthOf(character);
    if (width > columns) {
      break;
    }
    taken.push(character);
  }
  return (isReversed ? taken.toReversed() : taken).join('');
}
