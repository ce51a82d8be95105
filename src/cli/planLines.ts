import { formatBytes } from '../api/memory';
import type { CheckAnswer } from '../api/routes';
import { planWords, takenWords } from '../api/words';
import type { OutcomeLook } from './outcome';
import { printableLine } from './printable';
import { columnsOf, padEnd } from './width';

/** How many files are listed before a submission; --dry-run lists all. */
const MOST_FILES = 8;

/** What submitting is going to do: engines and time, files taken along, what is not. */
export function planLines(
  { engines, files, notTaken, spec, cluster }: CheckAnswer,
  { paint, path, reader }: OutcomeLook,
  { isWhole }: { isWhole: boolean }
): string[] {
  const { trans } = reader;
  const where = trans.__('%1 on %2', path(spec.notebook), cluster.title);
  return [
    `${paint('strong', printableLine(where))}`,
    `  ${planWords(spec, engines, trans)}`,
    ...fileLines(files, trans, isWhole ? files.length : MOST_FILES).map(line => `  ${line}`),
    ...notTaken.map(
      ({ cell, literal }) =>
        `  ${paint('warning', trans.__('Not taken along:'))} ${printableLine(literal)}${
          cell > 0 ? ` ${paint('faint', trans.__('(cell %1)', cell))}` : ''
        }`
    )
  ];
}

function fileLines(
  files: CheckAnswer['files'],
  trans: OutcomeLook['reader']['trans'],
  most: number
): string[] {
  if (files.length === 0) {
    return [];
  }
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const shown = files.slice(0, most);
  const rows = shown.map(
    ({ bytes, path, why }) =>
      [printableLine(path), formatBytes(bytes), takenWords(why, trans)] as const
  );
  const widths = [0, 1].map(column =>
    Math.max(...rows.map(row => columnsOf(row[column === 0 ? 0 : 1])))
  );
  const [nameWidth = 0, sizeWidth = 0] = widths;
  return [
    trans._n(
      'Takes %1 file along, %2:',
      'Takes %1 files along, %2:',
      files.length,
      formatBytes(total)
    ),
    ...rows.map(
      ([name, size, why]) => `  ${padEnd(name, nameWidth)}  ${size.padStart(sizeWidth)}  ${why}`
    ),
    ...(files.length > shown.length
      ? [trans.__('  and %1 more (all of them: --dry-run)', files.length - shown.length)]
      : [])
  ];
}
