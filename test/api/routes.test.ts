import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { FetchRequest, ROUTES, SubmitRequest } from '../../src/api/routes';

describe('ROUTES', () => {
  it('gives no two things the same path', () => {
    const paths = Object.values(ROUTES).map(route =>
      typeof route === 'string' ? route : route('k3v9x2ab')
    );
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.every(path => path.startsWith('/api/'))).toBe(true);
  });
});

describe('SubmitRequest', () => {
  it('leaves the form unread, and knows no environment and no kernels when none are sent', () => {
    expect(v.parse(SubmitRequest, { form: 'anything', caller: { python: '/p' } })).toEqual({
      form: 'anything',
      caller: { python: '/p', environment: {}, kernels: null },
      insists: false,
      asks: false
    });
  });

  it.each([
    { form: {} },
    { form: {}, caller: {} },
    { form: {}, caller: { python: 3 } },
    { form: {}, caller: { python: '/p', environment: { A: 1 } } },
    { form: {}, caller: { python: '/p', environment: { '': 'x' } } },
    { form: {}, caller: { python: '/p', environment: { A: 'x\0y' } } },
    { form: {}, caller: { python: '/p', extra: true } },
    { form: {}, caller: { python: '/p' }, extra: true }
  ])('refuses %j', value => {
    expect(v.is(SubmitRequest, value)).toBe(false);
  });
});

describe('FetchRequest', () => {
  it.each([{}, { place: '/tmp' }, { files: [] }])('takes %j', value => {
    expect(v.is(FetchRequest, value)).toBe(true);
  });

  it.each([{ place: 1 }, { files: 'a' }, { to: '/tmp' }])('refuses %j', value => {
    expect(v.is(FetchRequest, value)).toBe(false);
  });
});
