import type { JobRecord } from '../api/job';
import { PROBLEMS, type ProblemCode, ProblemError } from '../api/problem';
import { UsageError } from './usageError';

/** What the program's exit code says; docs/user-guide.md and --help list them. */
export const EXIT = {
  succeeded: 0,
  /** The job failed, timed out, was cancelled or lost; or a command about a job could not be carried out. */
  failed: 1,
  /** Wrong usage or input: nothing was done. */
  usage: 2,
  /** The job was not submitted. */
  notSubmitted: 3,
  /** Ctrl-C, as every program that a signal ends: 128 + 2. */
  interrupted: 130,
  /** Whoever read our output has gone (`| head`): 128 + 13. */
  brokenPipe: 141
} as const;

/** The exit code for a job that is over. */
export function exitCodeOf({ cause, state }: JobRecord): number {
  if (state === 'succeeded') {
    return EXIT.succeeded;
  }
  return cause?.code === 'not-sent' || cause?.code === 'no-room' || cause?.code === 'refused'
    ? EXIT.notSubmitted
    : EXIT.failed;
}

/** The exit code for an error; `otherwise` for those that are not about the input. */
export function exitCodeOfError(error: unknown, otherwise: number): number {
  const isInput =
    error instanceof UsageError || (error instanceof ProblemError && isOfInput(error.problem.code));
  return isInput ? EXIT.usage : otherwise;
}

/** Whether only another input can solve it. */
function isOfInput(code: ProblemCode): boolean {
  const { lies } = PROBLEMS[code];
  return lies === 'request' || lies === 'settings';
}
