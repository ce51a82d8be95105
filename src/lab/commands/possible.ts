import { type JobRecord, isTerminal } from '../../api/job';
import { CommandIDs } from '../commandIDs';

/** A command on one job: those that take `{ id }`. */
export type JobCommand =
  | typeof CommandIDs.openResult
  | typeof CommandIDs.openLog
  | typeof CommandIDs.openScript
  | typeof CommandIDs.cancelJob
  | typeof CommandIDs.submitAgain
  | typeof CommandIDs.fetchResult
  | typeof CommandIDs.checkAgain
  | typeof CommandIDs.removeJob
  | typeof CommandIDs.copyJobId;

/** Whether a command makes sense for a job as it is now. */
export function isPossible(command: JobCommand, job: JobRecord): boolean {
  return RULES[command](job);
}

const RULES: Record<JobCommand, (job: JobRecord) => boolean> = {
  [CommandIDs.openResult]: ({ result }) => result.notebook !== null,
  // What a job that was never submitted prints goes nowhere.
  [CommandIDs.openLog]: ({ submittedAt }) => submittedAt !== null,
  [CommandIDs.openScript]: () => true,
  [CommandIDs.cancelJob]: ({ cancelRequestedAt, state }) =>
    !isTerminal(state) && state !== 'finishing' && cancelRequestedAt === null,
  [CommandIDs.submitAgain]: () => true,
  [CommandIDs.fetchResult]: ({ result, state }) =>
    isTerminal(state) && (result.place === 'kept' || (isPlaced(result) && result.left.lost > 0)),
  [CommandIDs.checkAgain]: ({ state }) => !isTerminal(state) || state === 'lost',
  [CommandIDs.removeJob]: ({ result, state }) => isTerminal(state) && result.place !== 'fetching',
  [CommandIDs.copyJobId]: () => true
};

function isPlaced({ place }: JobRecord['result']): boolean {
  return place !== 'fetching' && place !== 'pending';
}
