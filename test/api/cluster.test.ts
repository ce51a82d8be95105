import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Cluster } from '../../src/api/cluster';
import { jobRecord } from './jobRecord';

const { cluster } = jobRecord();

describe('Cluster', () => {
  it('takes a cluster as it is resolved', () => {
    expect(v.is(Cluster, { ...cluster, python: null, environment: ['module load x; y'] })).toBe(
      true
    );
  });

  it.each([
    { name: 'my cluster' },
    { name: '' },
    { title: 'two\nlines' },
    { scheduler: 'cron' },
    { baseFolder: 'relative' },
    { baseFolder: '/with\nnewline' },
    { python: 'python3' },
    { kernel: 'any' },
    { environment: ['one\ntwo'] }
  ])('refuses %j', change => {
    expect(v.is(Cluster, { ...cluster, ...change })).toBe(false);
  });
});
