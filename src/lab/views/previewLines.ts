import { formatBytes } from '../../api/memory';
import type { CheckAnswer } from '../../api/routes';
import type { Translator } from '../../api/translation';
import { noteWords, planWords, takenWords } from '../../words';

/** What submitting would do, a line each: engines and time, each file that goes along and why, and what does not. */
export function previewLines(check: CheckAnswer, trans: Translator): string[] {
  const { cluster, files, notes, notTaken, skipped, spec } = check;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `${trans.__('%1 on %2', spec.name, cluster.title)}: ${planWords(check, trans)}`,
    ...notes.map(note => noteWords(note, trans)),
    ...(files.length === 0
      ? []
      : [
          trans._n(
            'Takes %1 file along, %2:',
            'Takes %1 files along, %2:',
            files.length,
            formatBytes(bytes)
          )
        ]),
    ...files.map(
      ({ bytes: size, path, why }) => `  ${path}  ${formatBytes(size)}  ${takenWords(why, trans)}`
    ),
    ...notTaken.map(({ cell, literal }) =>
      cell > 0
        ? trans.__('Not taken along: %1 (cell %2)', literal, cell)
        : trans.__('Not taken along: %1', literal)
    ),
    ...skipped.map(({ cell, file, named }) =>
      trans.__('Not looked into: %1', named ?? file ?? trans.__('cell %1', cell ?? 0))
    )
  ];
}
