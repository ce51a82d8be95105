import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Cause, SYMPTOMS } from '../../src/api/causes';
import { CAUSES } from './everyCause';

describe('Cause', () => {
  it.each(CAUSES.map(cause => [cause.code, cause] as const))('reads %s', (_, cause) => {
    expect(v.parse(Cause, JSON.parse(JSON.stringify(cause)))).toEqual(cause);
  });

  it.each([
    {},
    { code: 'bad-luck' },
    { code: 'cell-error', cell: '3', ename: 'E', evalue: '' },
    { code: 'kernel-died', cell: null },
    { code: 'cancelled', by: 'nobody' },
    { code: 'engines-lost', engines: 3, cell: null, log: '' }
  ])('refuses %j', value => {
    expect(v.is(Cause, value)).toBe(false);
  });

  it('counts as symptoms only what a scheduler may know better', () => {
    expect([...SYMPTOMS].toSorted()).toEqual([
      'engines-lost',
      'engines-never-came',
      'kernel-died',
      'killed'
    ]);
  });
});
