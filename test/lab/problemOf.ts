import { expect } from 'vitest';
import { ProblemError } from '../../src/api/problem';

/** The problem that a promise rejects with; whatever else it rejects with is thrown. */
export async function problemOf(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => expect.unreachable('it should have been refused'),
    (thrown: unknown) => thrown
  );
  if (!(error instanceof ProblemError)) {
    throw error;
  }
  return error.problem;
}
