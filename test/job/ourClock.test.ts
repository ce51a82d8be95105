import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/job/observation';
import { onOurClock, startOf } from '../../src/job/ourClock';
import { NOON, jobRecord } from '../api/jobRecord';

/** A look 1,000 s after the submission, at a job that has run for 600 s, 40 s of them in this cell. */
const AT = NOON + 1000;
const HOUR = 3600;

const record = jobRecord({ state: 'running', submittedAt: NOON });

/** What a node tells whose clock is so many seconds ahead of ours. */
function told(ahead: number, { ranSeconds = 600, cellSeconds = 40 } = {}): Observation {
  return {
    at: AT,
    started: { schedulerId: '1', host: 'n1', startedAt: AT - 600 + ahead },
    progress: {
      at: AT - 2 + ahead,
      phase: 'running',
      ranSeconds,
      engines: { ready: 0, wanted: 0 },
      cell: { index: 1, total: 2, startedAt: AT - 42 + ahead, ranSeconds: cellSeconds },
      notes: []
    },
    exit: { state: 'succeeded', cause: null, endedAt: AT - 1 + ahead, notes: [] },
    unreadable: [],
    queue: 'unknown',
    past: 'unasked'
  };
}

function understood(seen: Observation, lookedAt: number | null = AT - 5): object {
  const { exit, progress, started } = onOurClock(record, lookedAt, seen);
  return {
    startedAt: startOf(record, started, progress),
    cellAt: progress?.cell?.startedAt,
    endedAt: exit?.endedAt
  };
}

describe('what a node says of a time', () => {
  it('is believed where its clock is about ours', () => {
    const right = { startedAt: AT - 600, cellAt: AT - 42, endedAt: AT - 1 };
    // The start was there to be seen at an earlier look.
    expect(understood(told(0), null)).toEqual(right);
  });

  it.each([2, -2, 24, -24, -500_000])('is not where that is %d h ahead', hours => {
    const { cellAt, endedAt, startedAt } = understood(told(hours * HOUR)) as Record<string, number>;
    expect(endedAt).toBe(AT);
    expect(cellAt).toBeCloseTo(AT - 40, 0);
    expect(startedAt).toBeCloseTo(AT - 600, 0);
  });

  it('is not where the clock was set while the job ran', () => {
    const seen = { ...told(2 * HOUR), started: null };
    const running = { ...record, startedAt: AT - 600 };
    const { progress } = onOurClock(running, AT - 5, seen);
    expect(startOf(running, null, progress)).toBe(AT - 600);
    expect(progress?.cell?.startedAt).toBe(AT - 40);
  });

  it('is found out at a later look where it can be right at the first', () => {
    const behind = told(-900);
    const first = onOurClock({ ...record, submittedAt: NOON - 9 * HOUR }, null, behind);
    expect(first.progress?.at).toBe(AT - 902);
    const next = onOurClock({ ...record, submittedAt: NOON - 9 * HOUR }, AT - 5, behind);
    expect(startOf(record, null, next.progress)).toBe(AT - 600);
  });

  it('is taken as it is from a runner that does not count', () => {
    const { progress } = told(0);
    const cell = { index: 1, total: 2, startedAt: AT - 42 };
    const seen = { ...told(0), progress: progress && { ...progress, ranSeconds: undefined, cell } };
    expect(understood(seen as Observation, null)).toEqual({
      startedAt: AT - 600,
      cellAt: AT - 42,
      endedAt: AT - 1
    });
  });
});
