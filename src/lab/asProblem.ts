import { type Problem, ProblemError, problem } from '../api/problem';

/** The problem that a person is shown for whatever was thrown. */
export function asProblem(thrown: unknown): Problem {
  return thrown instanceof ProblemError
    ? thrown.problem
    : problem('internal', {}, { details: { output: String(thrown) } }).problem;
}
