import { describe, expect, it } from 'vitest';
import { PROBLEMS, type ProblemCode, problem } from '../../src/api/problem';
import { EXIT, exitCodeOfError } from '../../src/cli/exitCode';
import { NoAnswer } from '../../src/cli/noAnswer';
import { UsageError } from '../../src/cli/usageError';
import { STATUS } from '../../src/sidecar/http/httpStatus';

describe('exitCodeOfError', () => {
  it('blames the input exactly for what only another input can solve', () => {
    const codes = Object.keys(PROBLEMS) as ProblemCode[];
    const blamed = codes.filter(
      code => exitCodeOfError(problem(code, {} as never), 9) === EXIT.usage
    );
    // The statuses of HTTP say nearly the same: 422 is about what was sent, 404 about what was named.
    const input = codes.filter(
      code => [404, 422].includes(STATUS[code]) || code === 'job-unreadable'
    );
    expect(blamed).toEqual(input.filter(code => !['no-such-route', 'no-such-log'].includes(code)));
  });

  it.each([
    [new UsageError('x'), EXIT.usage],
    [new NoAnswer('x'), 9],
    [new Error('x'), 9],
    ['x', 9]
  ])('%s', (error, exitCode) => {
    expect(exitCodeOfError(error, 9)).toBe(exitCode);
  });
});
