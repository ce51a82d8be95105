import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

const FOLDER = 'src/words';

/**
 * JupyterLab's translators get what its extraction finds: calls of `trans.__` and `trans._n` whose messages are string
 * literals, not put together.
 */
it.each(readdirSync(FOLDER))('%s gives literal messages to a variable named trans', file => {
  const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
  const calls = text.match(/[\w.]+\.(?:__|_n)\(\s*(?:.)/g) ?? [];
  expect(calls.filter(call => !/^trans\.(__|_n)\(\s*['"]$/.test(call))).toEqual([]);
  expect(text).not.toMatch(/trans\._+n?\(\s*(['"])(?:(?!\1).)*\1\s*\+/);
});
