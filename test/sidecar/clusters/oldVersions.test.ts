import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { OLDEST_VERSIONS, isTooOld } from '../../../src/sidecar/clusters/oldVersions';

const EXAMPLES: [string, string, boolean][] = JSON.parse(
  readFileSync(new URL('../../versions.json', import.meta.url), 'utf8')
);

test('are older than those that the runner names', () => {
  const runner = readFileSync('jupyterlab_submit/runner/versions.py', 'utf8');
  const table = /^OLDEST = (\{.*\})$/m.exec(runner)?.[1] ?? '';
  expect(JSON.parse(table)).toEqual(OLDEST_VERSIONS);
});

test.each(EXAMPLES)('of %s, %s: %s', (name, version, expected) => {
  expect(isTooOld(name, version)).toBe(expected);
});

test('are none of packages that nobody asks for', () => {
  expect(isTooOld('numpy', '0.1')).toBe(false);
});
