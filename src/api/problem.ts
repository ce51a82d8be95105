import * as v from 'valibot';
import { FieldProblem } from './field';

/**
 * Every problem that can go over the wire: its HTTP status, and whether the same request may work a little later.
 * docs/errors.md describes the same codes; a test holds the two equal.
 */
export const PROBLEMS = {
  'invalid-request': { status: 400, retry: false },
  'invalid-fields': { status: 422, retry: false },
  'unknown-cluster': { status: 422, retry: false },
  'notebook-missing': { status: 422, retry: false },
  'notebook-unreadable': { status: 422, retry: false },
  'notebook-invalid': { status: 422, retry: false },
  'files-missing': { status: 422, retry: false },
  'id-taken': { status: 409, retry: false },
  'no-such-route': { status: 404, retry: false },
  'no-such-job': { status: 404, retry: false },
  'no-such-log': { status: 404, retry: false },
  'job-active': { status: 409, retry: false },
  'job-over': { status: 409, retry: false },
  'job-not-over': { status: 409, retry: true },
  'nothing-to-fetch': { status: 409, retry: false },
  'source-folder-missing': { status: 409, retry: true },
  'folder-read-only': { status: 409, retry: true },
  'disk-full': { status: 507, retry: true },
  'place-invalid': { status: 422, retry: false },
  'cluster-unreachable': { status: 502, retry: true },
  'command-failed': { status: 502, retry: true },
  'answer-unreadable': { status: 502, retry: true },
  stopping: { status: 503, retry: true },
  internal: { status: 500, retry: true }
} as const satisfies Record<string, { status: number; retry: boolean }>;

export type ProblemCode = keyof typeof PROBLEMS;

const CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** What stood behind a problem, ready to copy to a help desk. */
export const Details = v.object({
  /** The command that ran, as text. */
  command: v.optional(v.string()),
  /** The host that it ran on. */
  where: v.optional(v.string()),
  exitCode: v.optional(v.nullable(v.number())),
  signal: v.optional(v.nullable(v.string())),
  /** The last of its output, or the system's own message. */
  output: v.optional(v.string())
});
export type Details = v.InferOutput<typeof Details>;

/** An error as it goes over the wire (application/problem+json) and into records: code and values, no sentence. */
export const Problem = v.object({
  code: v.picklist(CODES),
  values: v.record(v.string(), v.union([v.string(), v.number()])),
  fields: v.optional(v.array(FieldProblem)),
  details: v.optional(Details)
});
export type Problem = v.InferOutput<typeof Problem>;

/** A problem on its way to the person: thrown anywhere, turned into an answer or a record at one border. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(`${problem.code} ${JSON.stringify(problem.values)}`, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Shorthand for a problem to throw. */
export function problem(
  code: ProblemCode,
  values: Problem['values'] = {},
  more: { fields?: FieldProblem[]; details?: Details; cause?: unknown } = {}
): ProblemError {
  const { cause, fields, details } = more;
  return new ProblemError(
    { code, values, ...(fields && { fields }), ...(details && { details }) },
    { cause }
  );
}
