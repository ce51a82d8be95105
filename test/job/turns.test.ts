import { describe, expect, it } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import { turnsOf } from '../../src/job/turns';
import { NOON, jobRecord, jobSpec } from '../api/jobRecord';

const { cluster } = jobRecord();

/** Jobs by their ids: running ones begin with an r, waiting ones with a w; each has so many cores. */
function jobsOf(
  cores: Record<string, number>,
  { jobsAtOnce = null, cancelled = [] }: { jobsAtOnce?: number | null; cancelled?: string[] } = {}
): JobRecord[] {
  return Object.entries(cores).map(([id, number]) =>
    jobRecord({
      id,
      spec: jobSpec({ cores: number }),
      cluster: { ...cluster, jobsAtOnce },
      submittedAt: id.startsWith('r') ? NOON : null,
      cancelRequestedAt: cancelled.includes(id) ? NOON : null
    })
  );
}

function turns(...asked: Parameters<typeof jobsOf>) {
  return turnsOf(jobsOf(...asked), ({ submittedAt }) => submittedAt !== null, 4);
}

describe('whose turn it is on a machine of four cores', () => {
  it.each<[string, Record<string, number>, string[], string[]]>([
    ['nobody, without jobs', {}, [], []],
    ['nobody, while all run', { r1: 4 }, [], []],
    ['all that fit together', { w1: 1, w2: 2, w3: 1, w4: 1 }, ['w1', 'w2', 'w3'], ['w4']],
    ['whoever fits beside those that run', { r1: 2, w1: 2, w2: 1 }, ['w1'], ['w2']],
    ['not the small one behind a large one', { r1: 2, w1: 3, w2: 1 }, [], ['w1', 'w2']],
    ['a large one alone', { w1: 64, w2: 1 }, ['w1'], ['w2']],
    ['nobody beside a large one', { r1: 64, w1: 1 }, [], ['w1']],
    ['a large one only when nothing runs', { r1: 1, w1: 64 }, [], ['w1']]
  ])('%s', (_, cores, start, waiting) => {
    expect(turns(cores)).toEqual({ start, waiting });
  });

  it('is counted in jobs where the settings say how many', () => {
    const cores = { r1: 4, w1: 4, w2: 1, w3: 1 };
    expect(turns(cores, { jobsAtOnce: 3 })).toEqual({ start: ['w1', 'w2'], waiting: ['w3'] });
    expect(turns(cores, { jobsAtOnce: 1 })).toEqual({ start: [], waiting: ['w1', 'w2', 'w3'] });
  });

  it('is at once that of a job that is not wanted any more, which keeps nobody else waiting', () => {
    expect(turns({ r1: 4, w1: 1, w2: 1, w3: 1 }, { cancelled: ['w2'] })).toEqual({
      start: ['w2'],
      waiting: ['w1', 'w3']
    });
  });
});
