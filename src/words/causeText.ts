import type { Translator } from '../api/translation';

/** A Python error in one line: its class, and the first line of its text. */
export function errorLine(ename: string, evalue: string): string {
  const [first = ''] = evalue.trim().split('\n');
  return first === '' ? ename : `${ename}: ${first}`;
}

/** The sentence that names the cell, where it is known. */
export function inCell(
  cell: number | null,
  anywhere: string,
  there: (cell: number) => string
): string {
  return cell === null ? anywhere : there(cell);
}

/** The signal that ended a process, where it is known. */
export function signalText(signal: number | null, trans: Translator): string {
  return signal === null ? '' : trans.__('Signal: %1', signal);
}
