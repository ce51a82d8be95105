import { stripVTControlCharacters } from 'node:util';

/** Characters that turn the direction of writing, and those that nobody sees; not the joiners that words and emoji need. */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Text from elsewhere (error messages, file names, a cluster's answers) as one or more harmless lines: what would move
 * the cursor, recolor the terminal, write into its clipboard or show words in another order is taken out.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', '    ')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
    .replace(UNSEEN, '\ufffd');
}

/** The same of a log, in which a bar that was drawn again and again becomes lines. */
export function printableLog(text: string): string {
  return printable(text.replace(/\r+(?!\n)/g, '\n'));
}

/** The same in a single line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', ' ');
}
