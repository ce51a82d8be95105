/** Colors and cursor movements of a terminal (ECMA-48): an escape character, `[`, parameters, a letter. */
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** One that has only begun, or a line end of which the second half may follow. */
const BEGUN = /(?:\u001b(?:\[[0-9;?]*)?|\r)$/;

/**
 * What a program printed, as text to read: without colors, with a line for each state of a progress bar, which programs
 * paint over each other. `rest` is to be put before what the program prints next.
 */
export function plainText(printed: string): { text: string; rest: string } {
  const rest = BEGUN.exec(printed)?.[0] ?? '';
  const whole = printed.slice(0, printed.length - rest.length);
  return { text: whole.replace(ESCAPES, '').replace(/\r\n?/g, '\n'), rest };
}
