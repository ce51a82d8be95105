import type { CheckedPart, ClusterCheck } from '../api/clusterCheck';
import { checkedLabel, checkedWords, problemWords } from '../words';
import { flagOf } from './fieldOptions';
import { type OutcomeLook, detailLines } from './outcome';
import { printable, printableLine } from './printable';
import { columnsOf, padEnd } from './width';

/** What was looked at on a cluster, a line each; what is wrong, with what to do and what stood behind it. */
export function checkLines(check: ClusterCheck, look: OutcomeLook): string[] {
  const { trans } = look.reader;
  const width = Math.max(...check.parts.map(({ what }) => columnsOf(checkedLabel(what, trans))));
  return check.parts.flatMap(part => {
    const [first = '', ...more] = partLines(part, check, look);
    const label = padEnd(checkedLabel(part.what, trans), width);
    const indent = ' '.repeat(columnsOf(markOf(part, look)) + width + 3);
    const mark = look.paint(part.problem === null ? 'good' : 'bad', markOf(part, look));
    return [`${mark} ${label}  ${first}`, ...more.map(line => `${indent}${line}`)];
  });
}

function partLines(
  part: CheckedPart,
  check: ClusterCheck,
  { paint, reader }: OutcomeLook
): string[] {
  if (part.problem === null) {
    return [printableLine(checkedWords(part, check, reader.trans))];
  }
  const { advice, details, title } = problemWords(part.problem, reader.trans, flagOf);
  return [
    printableLine(title),
    ...(advice === '' ? [] : printable(advice).split('\n')),
    ...detailLines(details).map(line => paint('faint', line))
  ];
}

/** As wide as each other in a column. */
function markOf({ problem }: CheckedPart, { hasUnicode }: OutcomeLook): string {
  if (hasUnicode) {
    return problem === null ? '✓' : '✗';
  }
  return problem === null ? 'ok' : 'x ';
}
