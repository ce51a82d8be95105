import { expect, test } from 'vitest';
import { matches } from '../../src/profiles/match';

test.each([
  ['perlmutter.nersc.gov', 'perlmutter.nersc.gov'],
  ['perlmutter.nersc.gov', 'Perlmutter.NERSC.gov'],
  ['perlmutter.nersc.gov', 'perlmutter.nersc.gov.'],
  ['*.nersc.gov', 'perlmutter.nersc.gov'],
  ['login*.frontera.tacc.utexas.edu', 'login3.frontera.tacc.utexas.edu'],
  ['login*.frontera.tacc.utexas.edu', 'login.frontera.tacc.utexas.edu'],
  ['a*b*c.example.org', 'axxbxbxc.example.org'],
  ['*.example.*', 'a.example.org']
])('%s is %s', (pattern, host) => {
  expect(matches(pattern, host)).toBe(true);
});

test.each([
  ['perlmutter.nersc.gov', 'nersc.gov'],
  ['perlmutter.nersc.gov', 'perlmutter.nersc.gov.evil.example'],
  ['perlmutter.nersc.gov', 'perlmutterXnersc.gov'],
  ['*.nersc.gov', 'a.b.nersc.gov'],
  ['*.nersc.gov', 'nersc.gov'],
  ['*', 'perlmutter.nersc.gov'],
  ['login*', 'logi'],
  ['a*a.example.org', 'a.example.org'],
  ['a*b*c.example.org', 'acb.example.org']
])('%s is not %s', (pattern, host) => {
  expect(matches(pattern, host)).toBe(false);
});

test('a pattern of many stars takes no time', () => {
  const started = performance.now();
  expect(matches(`${'a*'.repeat(100)}b`, 'a'.repeat(255))).toBe(false);
  expect(performance.now() - started).toBeLessThan(100);
});
