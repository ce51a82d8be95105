import { stripVTControlCharacters } from 'node:util';

/**
 * Text from elsewhere (error messages, file names, a cluster's answers) as one or more harmless lines: what would move
 * the cursor or recolor the terminal is taken out.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', '    ')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
}

/** The same in a single line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', ' ');
}
