/**
 * One word of a POSIX shell: single-quoted, whatever it holds. NUL cannot be passed to a program at all and is
 * refused.
 */
export function quote(word: string): string {
  if (word.includes('\u0000')) {
    throw new RangeError('a shell word cannot hold a NUL character');
  }
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An argv as one shell command. */
export function command(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}
