import { describe, expect, it } from 'vitest';
import { type JobRecord, STATES, isTerminal } from '../../../src/api/job';
import { filesLeft } from '../../../src/api/resultFiles';
import { CommandIDs } from '../../../src/lab/commandIDs';
import { isPossible } from '../../../src/lab/commands/possible';
import { NOON, finishedJob, jobRecord } from '../../api/jobRecord';

const { cancelJob, checkAgain, copyJobId, fetchResult, openLog, openResult } = CommandIDs;
const { openScript, removeJob, submitAgain } = CommandIDs;

const COMMANDS = [
  openResult,
  openLog,
  openScript,
  cancelJob,
  submitAgain,
  fetchResult,
  checkAgain,
  removeJob,
  copyJobId
];

function possible(job: JobRecord): string[] {
  return COMMANDS.filter(command => isPossible(command, job));
}

function withResult(change: Partial<JobRecord['result']>): JobRecord {
  const job = finishedJob();
  return { ...job, result: { ...job.result, ...change } };
}

const ACTIVE = [openLog, openScript, cancelJob, submitAgain, checkAgain, copyJobId];
const OVER = [openLog, openScript, submitAgain, removeJob, copyJobId];
const LEFT = filesLeft([{ path: 'big.bin', bytes: 2e9 }]);

describe('what can be done with a job', () => {
  it.each([
    ['preparing', ACTIVE],
    ['queued', ACTIVE],
    ['starting', ACTIVE],
    ['running', ACTIVE],
    ['finishing', ACTIVE.filter(command => command !== cancelJob)],
    ['succeeded', OVER],
    ['failed', OVER],
    ['timed-out', OVER],
    ['cancelled', OVER],
    ['lost', [openLog, openScript, submitAgain, checkAgain, removeJob, copyJobId]]
  ] as const)('goes by its state: %s', (state, commands) => {
    const place = isTerminal(state) ? 'none' : 'pending';
    const job = jobRecord({ state, submittedAt: NOON });
    expect(possible({ ...job, result: { ...job.result, place } })).toEqual(commands);
  });

  it('is told for every state', () => {
    expect(STATES).toHaveLength(10);
  });

  it.each([
    ['is not submitted yet: no log', jobRecord(), openLog, false],
    [
      'is being cancelled: not again',
      jobRecord({ state: 'running', cancelRequestedAt: NOON }),
      cancelJob,
      false
    ],
    ['has a result here: it opens', finishedJob(), openResult, true],
    ['left no notebook', withResult({ notebook: null }), openResult, false],
    ['has all of its result here', finishedJob(), fetchResult, false],
    [
      'has a result that was kept',
      withResult({ place: 'kept', notebook: null }),
      fetchResult,
      true
    ],
    ['has files that were left', withResult({ left: LEFT }), fetchResult, true],
    ['is being fetched', withResult({ place: 'fetching', left: LEFT }), fetchResult, false],
    ['is being fetched: stays', withResult({ place: 'fetching' }), removeJob, false],
    ['has a result that was kept: can go', withResult({ place: 'kept' }), removeJob, true]
  ])('goes by more: %s', (_, job, command, expected) => {
    expect(isPossible(command, job)).toBe(expected);
  });
});
