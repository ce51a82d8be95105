import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { PROBLEMS, Problem, ProblemError, problem } from '../../src/api/problem';

describe('problem', () => {
  it('keeps code, values, details and the cause', () => {
    const cause = new Error('connect');
    const made = problem(
      'cluster-unreachable',
      { cluster: 'hpc' },
      { details: { output: 'x' }, cause }
    );
    expect(made).toBeInstanceOf(ProblemError);
    expect(made.problem).toEqual({
      code: 'cluster-unreachable',
      values: { cluster: 'hpc' },
      details: { output: 'x' }
    });
    expect(made.cause).toBe(cause);
    expect(made.message).toContain('hpc');
  });

  it('goes through JSON unchanged', () => {
    const { problem: wire } = problem(
      'invalid-fields',
      {},
      { fields: [{ field: 'cores', code: 'minimum', values: { minimum: 1 } }] }
    );
    expect(v.parse(Problem, JSON.parse(JSON.stringify(wire)))).toEqual(wire);
  });
});

describe('PROBLEMS', () => {
  it('has a status of failure for each', () => {
    for (const { status } of Object.values(PROBLEMS)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
    }
  });
});
