import { expect, it } from 'vitest';
import {
  type Asked,
  type Queue,
  type Told,
  accountMismatch,
  longestTime,
  qosMismatch
} from '../../src/api/clusterCheck';

const queue = (name: string, limitSeconds: number | null, isDefault = false): Queue => ({
  name,
  isDefault,
  limitSeconds,
  isUsable: true
});
const QUEUES = [queue('main', 3600, true), queue('long', 7200), queue('free', null)];

it.each([
  ['', 3600],
  ['main', 3600],
  ['main,long', 7200],
  ['main, free', null],
  ['gone', null]
])('the longest time in %j is %s', (asked, seconds) => {
  expect(longestTime(QUEUES, asked)).toBe(seconds);
});

it('knows none without queues', () => {
  expect(longestTime([], '')).toBeNull();
  expect(longestTime([queue('main', 3600)], '')).toBeNull();
});

const TOLD: Told = {
  queues: QUEUES,
  accounts: [
    { name: 'physics', notIn: ['main'], qos: ['normal'], defaultQos: null },
    { name: 'biology', notIn: [], qos: [], defaultQos: null }
  ],
  qos: [
    { name: 'normal', notIn: ['long', 'free'] },
    { name: 'high', notIn: [] }
  ]
};
const asked = (change: Partial<Asked>): Asked => ({ queue: '', account: '', qos: '', ...change });

it.each<[Partial<Asked>, string | undefined]>([
  [{}, undefined],
  [{ account: 'biology' }, undefined],
  [{ account: ' Biology ' }, undefined],
  // The default queue.
  [{ account: 'physics' }, 'not-in-queue'],
  [{ account: 'physics', queue: 'main' }, 'not-in-queue'],
  [{ account: 'physics', queue: 'main,long' }, undefined],
  [{ account: 'chemistry' }, 'not-yours']
])('of the account, %j is marked as %s', (change, code) => {
  expect(accountMismatch(TOLD, asked(change))?.code).toBe(code);
});

it.each<[Partial<Asked>, string | undefined]>([
  [{}, undefined],
  [{ qos: 'high' }, undefined],
  [{ qos: 'high', account: 'physics' }, 'not-of-account'],
  [{ qos: 'high', account: 'PHYSICS' }, 'not-of-account'],
  // Its QoS were not told.
  [{ qos: 'high', account: 'biology' }, undefined],
  [{ qos: 'normal', queue: 'long, free' }, 'not-in-queue'],
  [{ qos: 'normal', queue: 'long,main' }, undefined],
  [{ qos: 'forbidden' }, 'not-yours']
])('of the QoS, %j is marked as %s', (change, code) => {
  expect(qosMismatch(TOLD, asked(change))?.code).toBe(code);
});

it('takes no account for one of others where some may not have been told', () => {
  const account = (index: number) => ({ name: `a${index}`, notIn: [], qos: [], defaultQos: null });
  const many = (length: number) => Array.from({ length }, (_, index) => account(index));
  const [few, all] = [199, 200].map(length => ({ ...TOLD, accounts: many(length) }));
  expect(accountMismatch(few ?? TOLD, asked({ account: 'mine' }))?.code).toBe('not-yours');
  expect(accountMismatch(all ?? TOLD, asked({ account: 'mine' }))).toBeNull();
});

it('marks nothing where nothing was told', () => {
  const nothing = { queues: [], accounts: [], qos: [] };
  expect(accountMismatch(nothing, asked({ account: 'physics' }))).toBeNull();
  expect(qosMismatch(nothing, asked({ qos: 'high', account: 'physics' }))).toBeNull();
});
