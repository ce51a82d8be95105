import { type Problem, ProblemError } from '../../api/problem';

/** Any error as a problem: the one that it carries, or `internal` with the error's own message. */
export function asProblem(error: unknown): Problem {
  return error instanceof ProblemError
    ? error.problem
    : {
        code: 'internal',
        values: {},
        details: { output: error instanceof Error ? error.message : String(error) }
      };
}
