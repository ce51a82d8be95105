import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { JobId, JobRecord, STATES, isTerminal, mayFollow, newJobId } from '../../src/api/job';
import { finishedJob, jobRecord } from './jobRecord';

const ACTIVE = ['preparing', 'queued', 'starting', 'running', 'finishing'] as const;
const OVER = ['succeeded', 'failed', 'timed-out', 'cancelled', 'lost'] as const;

describe('isTerminal', () => {
  it('holds for the last five states alone', () => {
    expect(STATES.filter(isTerminal)).toEqual(OVER);
  });
});

describe('mayFollow', () => {
  it.each(ACTIVE.map((state, index) => [state, [...ACTIVE.slice(index), ...OVER]] as const))(
    'goes from %s forward, or stays, or skips',
    (from, allowed) => {
      expect(STATES.filter(to => mayFollow(from, to))).toEqual(allowed);
    }
  );

  it.each(OVER.filter(state => state !== 'lost'))('never leaves %s', from => {
    expect(STATES.filter(to => mayFollow(from, to))).toEqual([]);
  });

  it('goes from lost to any verdict, and never back to work', () => {
    expect(STATES.filter(to => mayFollow('lost', to))).toEqual(OVER);
  });
});

describe('newJobId', () => {
  it('gives ids, whatever the dice say', () => {
    for (const random of [() => 0, () => 0.999_999_999, Math.random]) {
      expect(v.is(JobId, newJobId(random))).toBe(true);
    }
    expect(newJobId(() => 0)).toBe('aaaaaaaa');
    expect(newJobId(() => 0.999_999)).toBe('z9999999');
  });
});

describe('JobId', () => {
  it.each([
    '',
    'k3v9x2a',
    'k3v9x2abc',
    '3k3v9x2a',
    'K3v9x2ab',
    'k3v9x2a/',
    'k3v9x2ab\n',
    '../../..'
  ])('is not %j', text => {
    expect(v.is(JobId, text)).toBe(false);
  });
});

describe('JobRecord', () => {
  it('goes through JSON unchanged', () => {
    for (const record of [jobRecord(), finishedJob()]) {
      expect(v.parse(JobRecord, JSON.parse(JSON.stringify(record)))).toEqual(record);
    }
  });

  it.each([
    ['a state that is none', { state: 'pending' }],
    ['a cause that is none', { cause: { code: 'bad-luck' } }],
    ['a cause that lacks a value', { cause: { code: 'cell-error', cell: 3 } }],
    ['an id that is none', { id: 'x' }]
  ])('refuses %s', (_, change) => {
    expect(v.is(JobRecord, { ...jobRecord(), ...change })).toBe(false);
  });
});

it('a record of an earlier version is read, with what it says beside what is known now', () => {
  const now = jobRecord();
  const then = { ...now, cluster: { ...now.cluster, remote: 'local' } };
  expect(v.parse(JobRecord, then)).toEqual(now);
});
