import type { CheckedPart, ClusterCheck } from '../api/clusterCheck';
import type { Problem } from '../api/problem';
import { checkedLabel, checkedWords, problemWords } from '../words';
import { flagOf } from './fieldOptions';
import { type OutcomeLook, detailLines } from './outcome';
import type { Ink } from './paint';
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
    const mark = look.paint(inkOf(part), markOf(part, look));
    return [`${mark} ${label}  ${first}`, ...more.map(line => `${indent}${line}`)];
  });
}

function partLines(part: CheckedPart, check: ClusterCheck, look: OutcomeLook): string[] {
  const { problem, warning = null } = part;
  if (problem !== null) {
    return problemLines(problem, look);
  }
  const words = checkedWords(part, check, look.reader.trans);
  return [
    ...(words === '' ? [] : printable(words).split('\n')),
    ...(warning === null ? [] : problemLines(warning, look))
  ];
}

function problemLines(problem: Problem, { paint, reader }: OutcomeLook): string[] {
  const { advice, details, title } = problemWords(problem, reader.trans, flagOf);
  return [
    printableLine(title),
    ...(advice === '' ? [] : printable(advice).split('\n')),
    ...detailLines(details).map(line => paint('faint', line))
  ];
}

/** As wide as each other in a column. */
function markOf(part: CheckedPart, { hasUnicode }: OutcomeLook): string {
  switch (inkOf(part)) {
    case 'good':
      return hasUnicode ? '✓' : 'ok';
    case 'warning':
      return hasUnicode ? '!' : '! ';
    default:
      return hasUnicode ? '✗' : 'x ';
  }
}

function inkOf({ problem, warning = null }: CheckedPart): Ink {
  return problem !== null ? 'bad' : warning !== null ? 'warning' : 'good';
}
