import { describe, expect, it } from 'vitest';
import { type Mismatch, CHECKED, type ClusterCheck } from '../../src/api/clusterCheck';
import { mismatchWords, checkedLabel, checkedWords, readyWords } from '../../src/words';
import { CLUSTER_CHECK } from '../cli/fakeSidecar';
import { strict } from './strict';

it('names everything that is looked at, each unlike the others', () => {
  expect(new Set(CHECKED.map(what => checkedLabel(what, strict))).size).toBe(CHECKED.length);
});

it('says all that was found, in a word or more', () => {
  const words = CLUSTER_CHECK.parts.map(part => checkedWords(part, CLUSTER_CHECK, strict));
  expect(words).not.toContain('');
  expect(words.join()).not.toMatch(/undefined|NaN|%\d/);
});

it('says that a cluster is ready, with its batch system where it has one', () => {
  const only = (parts: ClusterCheck['parts']): ClusterCheck => ({ ...CLUSTER_CHECK, parts });
  expect(readyWords(CLUSTER_CHECK, strict)).toBe('Slurm 23.02.6, ready');
  const unknown = { what: 'scheduler', values: { version: '' }, problem: null } as const;
  expect(readyWords(only([unknown]), strict)).toBe('Slurm, ready');
  expect(readyWords(only([]), strict)).toBe('Ready');
});

it.each<[Mismatch, string]>([
  [
    { code: 'not-yours', yours: ['physics', 'biology'] },
    'none of yours, which are: physics, biology'
  ],
  [{ code: 'not-of-account', account: 'physics' }, 'not with the account physics'],
  [{ code: 'not-in-queue', queue: 'main' }, 'not in the queue main']
])('says what does not go together: %j', (mismatch, words) => {
  expect(mismatchWords(mismatch, strict)).toBe(words);
});

describe('accounts', () => {
  const PART = { what: 'accounts', values: {}, problem: null } as const;
  const account = { name: 'physics', notIn: [], qos: [], defaultQos: null };
  const said = (accounts: ClusterCheck['accounts']): string =>
    checkedWords(PART, { ...CLUSTER_CHECK, accounts }, strict);

  it('are a line each where the site says something of one', () => {
    const words = '1,200 of 5,000 hours left';
    expect(said([{ ...account, qos: ['normal', 'high'], words }, account])).toBe(
      `physics (QoS normal, high): ${words}\nphysics`
    );
    expect(said([{ ...account, words: '' }, account])).toBe('physics, physics');
  });

  it('end with a mark where there may be more', () => {
    expect(said(Array.from({ length: 200 }, () => account))).toMatch(/physics, …$/);
  });
});
