import { formatBytes } from '../api/memory';
import type { CheckAnswer, TakenFile } from '../api/routes';
import type { Translator } from '../api/translation';
import { noteWords, planWords, takenWords } from '../words';
import type { OutcomeLook } from './outcome';
import { printableLine } from './printable';
import { columnsOf, padEnd } from './width';

/** How many files, or folders of them, are listed before a submission; --dry-run lists every file. */
const MOST_ROWS = 8;

/** What submitting is going to do: engines and time, files taken along, what is not. */
export function planLines(
  check: CheckAnswer,
  { paint, path, reader }: OutcomeLook,
  { isWhole }: { isWhole: boolean }
): string[] {
  const { trans } = reader;
  const { cluster, files, notes, notTaken, profile, skipped, spec } = check;
  const where = trans.__('%1 on %2', path(spec.notebook), cluster.title);
  return [
    `${paint('strong', printableLine(where))}`,
    `  ${planWords(check, trans)}`,
    ...(profile === null ? [] : [`  ${trans.__('Profile: %1', printableLine(profile))}`]),
    ...(spec.resultsFolder === undefined
      ? []
      : [`  ${trans.__('The result goes to %1.', printableLine(spec.resultsFolder))}`]),
    ...notes.map(note => `  ${printableLine(noteWords(note, trans))}`),
    ...fileLines(files, trans, isWhole).map(line => `  ${line}`),
    ...notTaken.map(
      ({ cell, literal }) =>
        `  ${paint('warning', trans.__('Not taken along:'))} ${printableLine(literal)}${
          cell > 0 ? ` ${paint('faint', trans.__('(cell %1)', cell))}` : ''
        }`
    ),
    ...skipped.map(
      place => `  ${paint('warning', trans.__('Not looked into:'))} ${skippedWords(place, trans)}`
    )
  ];
}

/** What was too large to be looked into: something that code names, a module, or a cell. */
function skippedWords(
  { cell, file, named }: CheckAnswer['skipped'][number],
  trans: Translator
): string {
  return printableLine(named ?? file ?? trans.__('cell %1', cell ?? 0));
}

type Row = readonly [name: string, size: string, why: string];

function fileLines(files: CheckAnswer['files'], trans: Translator, isWhole: boolean): string[] {
  if (files.length === 0) {
    return [];
  }
  const rows =
    isWhole || files.length <= MOST_ROWS
      ? files.map(file => fileRow(file, trans))
      : folderRows(files, trans);
  const shown = isWhole ? rows : rows.slice(0, MOST_ROWS);
  const nameWidth = Math.max(...shown.map(([name]) => columnsOf(name)));
  const sizeWidth = Math.max(...shown.map(([, size]) => size.length));
  return [
    trans._n(
      'Takes %1 file along, %2:',
      'Takes %1 files along, %2:',
      files.length,
      formatBytes(sum(files))
    ),
    ...shown.map(
      ([name, size, why]) => `  ${padEnd(name, nameWidth)}  ${size.padStart(sizeWidth)}  ${why}`
    ),
    ...(shown.length < rows.length ? [trans.__('  and more (all of them: --dry-run)')] : [])
  ];
}

function fileRow({ bytes, path, why }: TakenFile, trans: Translator): Row {
  return [printableLine(path), formatBytes(bytes), takenWords(why, trans)];
}

/** One row for all that lies in the same folder beside the notebook. */
function folderRows(files: readonly TakenFile[], trans: Translator): Row[] {
  const folders = new Map<string, TakenFile[]>();
  for (const file of files) {
    const [name = file.path] = file.path.split('/');
    const inside = folders.get(name);
    if (inside) {
      inside.push(file);
    } else {
      folders.set(name, [file]);
    }
  }
  return [...folders].flatMap(([name, inside]) => {
    const whys = new Set(inside.map(({ why }) => takenWords(why, trans)));
    return inside.length === 1
      ? inside.map(file => fileRow(file, trans))
      : [
          [
            trans._n('%2/ (%1 file)', '%2/ (%1 files)', inside.length, printableLine(name)),
            formatBytes(sum(inside)),
            [...whys].join(', ')
          ] as const
        ];
  });
}

function sum(files: readonly TakenFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}
