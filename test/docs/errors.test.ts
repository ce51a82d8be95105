import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PROBLEMS, type Problem, type ProblemCode } from '../../src/api/problem';
import { english } from '../../src/api/translation';
import { STATUS } from '../../src/sidecar/http/httpStatus';
import { problemWords } from '../../src/words';

const page = readFileSync('docs/errors.md', 'utf8');

/** One row of the page's table, as the code has it: values stand as their names in braces. */
function row(code: ProblemCode): string {
  const { heals, values } = PROBLEMS[code];
  const named: Problem['values'] = Object.fromEntries(values.map(name => [name, `{${name}}`]));
  const { title, advice } = problemWords({ code, values: named }, english);
  return `| \`${code}\` | ${STATUS[code]} | ${heals.replaceAll('-', ' ')} | ${title} | ${advice} |`;
}

it('describes every problem that the code knows, in its words, and no other', () => {
  const rows = page.split('\n').filter(line => line.startsWith('| `'));
  const codes = Object.keys(PROBLEMS) as ProblemCode[];
  expect(rows).toEqual(codes.map(row));
});
