import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { Cause } from '../../src/api/causes';
import { ExitFile } from '../../src/api/runFiles';

const RUNNER = 'jupyterlab_submit/runner';

/** Where the runner makes a verdict with a cause: its code, and the names of the values, in the order in which they stand. */
const verdicts = readdirSync(RUNNER)
  .filter(name => name.endsWith('.py'))
  .flatMap(name => {
    const text = readFileSync(path.join(RUNNER, name), 'utf8');
    return [...text.matchAll(/JobEnd\(\s*"[\w-]+",\s*"([\w-]+)"/g)].map(found => ({
      where: `${name}: ${found[1]}`,
      code: found[1] ?? '',
      values: keywords(call(text, found.index + 'JobEnd'.length))
    }));
  });

/** The words of a Literal of verdict.py; the type checker knows that nothing else is a state or a code there. */
function literal(name: string): string[] {
  const text = readFileSync(path.join(RUNNER, 'verdict.py'), 'utf8');
  const [, words = ''] = new RegExp(`${name} = Literal\\[([^\\]]*)\\]`).exec(text) ?? [];
  return [...words.matchAll(/"([\w-]+)"/g)].map(([, word]) => word ?? '');
}

/** The text of a call, from its opening to its closing parenthesis. */
function call(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
    if (depth === 0) {
      return text.slice(from, at);
    }
  }
  throw new Error('a call without an end');
}

/** The names of keyword arguments: black writes no blanks around their equals signs. `**` stands for others. */
function keywords(text: string): string[] {
  return [...text.matchAll(/[,(]\s*(?:(\w+)=(?!=)|(\*\*)\w+)/g)].map(
    ([, name, more]) => name ?? more ?? ''
  );
}

it('verdicts are found', () => {
  const codes = new Set(verdicts.map(({ code }) => code));
  expect([...codes]).toEqual(expect.arrayContaining(['cell-error', 'time-limit', 'mpi']));
  expect(verdicts.find(({ code }) => code === 'kernel-died')?.values).toEqual(['cell', 'signal']);
});

it('the runner has the states of exit.json, and no code but those of its verdicts', () => {
  expect(literal('State').toSorted()).toEqual(ExitFile.entries.state.options.toSorted());
  const made = new Set(verdicts.map(({ code }) => code));
  expect(literal('CauseCode').toSorted()).toEqual([...made].toSorted());
});

it('what an environment lacks is told with values of its cause', () => {
  const text = readFileSync(path.join(RUNNER, 'environment.py'), 'utf8');
  const calls = [...text.matchAll(/return environment_end\(/g)];
  const told = calls.flatMap(({ 0: { length }, index }) =>
    keywords(call(text, index + length - 1))
  );
  const cause = Cause.options.find(({ entries }) => entries.code.literal === 'environment');
  expect([...new Set(told)].toSorted()).toEqual(['error', 'oldest', 'version']);
  expect(Object.keys(cause?.entries ?? {})).toEqual(expect.arrayContaining(told));
});

it.each(verdicts)(
  'a verdict of the runner has a cause of the table, with its values: $where',
  ({ code, values }) => {
    const cause = Cause.options.find(({ entries }) => entries.code.literal === code);
    const { code: _, ...entries } = cause?.entries ?? { code };
    const needed = Object.entries(entries).flatMap(([name, { type }]) =>
      type === 'optional' ? [] : [name]
    );
    const isWhole = !values.includes('**');
    const named = values.filter(name => name !== '**');
    expect(Object.keys(entries)).toEqual(expect.arrayContaining(named));
    expect(named).toEqual(expect.arrayContaining(isWhole ? needed : []));
    expect(cause).toBeDefined();
  }
);
