import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { JobRecord, briefJob } from '../../src/api/job';
import { NOON, finishedJob, jobRecord, jobSpec } from './jobRecord';

/** As it arrives at the other end. */
function sent(job: JobRecord): unknown {
  return v.parse(JobRecord, JSON.parse(JSON.stringify(briefJob(job))));
}

const problem = { code: 'disk-full', values: { folder: '/home' } } as const;
const { cluster, result } = finishedJob();

describe('a record as it is written', () => {
  it.each([
    ['one that has just been made', jobRecord()],
    ['one that is over', finishedJob()],
    [
      'one with something everywhere',
      finishedJob({
        spec: jobSpec({
          queue: 'main',
          nodes: 2,
          coresPerEngine: 2,
          files: ['a'],
          exclude: ['b'],
          findFiles: false,
          allowErrors: true,
          environment: ['module load x'],
          directives: ['#SBATCH -x']
        }),
        cluster: { ...cluster, host: 'hpc', keepDays: 3, environment: ['x'], variables: { A: '' } },
        step: { name: 'sending', bytes: 0 },
        queue: { reason: null, wait: null, estimatedStart: null },
        cause: { code: 'no-word' },
        contact: { seenAt: 0, problem },
        cancelRequestedAt: NOON,
        isSwept: true,
        notTaken: ['../x'],
        result: {
          ...result,
          files: { count: 1, bytes: 0, outputs: 0 },
          left: { ...result.left, count: 1, lost: 1 },
          problem
        }
      })
    ]
  ])('is read as it was: %s', (_, job) => {
    expect(sent(job)).toEqual(job);
  });

  it('holds nothing that is nothing', () => {
    const text = JSON.stringify(briefJob(finishedJob()));
    expect(text).not.toMatch(/null|\[\]|\{\}|false/);
    expect(text.length).toBeLessThan(700);
  });
});
