import * as v from 'valibot';
import { excerpt, finite, line } from './bounds';
import { FieldProblem } from './field';

/**
 * Every problem that can go over the wire: its HTTP status, whether the same request may work a little later, and the
 * values that its sentence needs (`patterns`: those that match no file, separated by commas; `log`: a log's name; `fix`: a
 * line of a shell).
 * docs/errors.md describes the same codes; a test holds the two equal.
 */
export const PROBLEMS = {
  'invalid-request': { status: 400, retry: false, values: [] },
  'invalid-fields': { status: 422, retry: false, values: [] },
  'unknown-cluster': { status: 422, retry: false, values: ['cluster'] },
  'cluster-settings': { status: 422, retry: false, values: ['cluster'] },
  'settings-invalid': { status: 422, retry: false, values: [] },
  'hidden-file': { status: 422, retry: false, values: ['path'] },
  'not-a-file': { status: 422, retry: false, values: ['path'] },
  'notebook-missing': { status: 422, retry: false, values: ['notebook'] },
  'notebook-unreadable': { status: 422, retry: false, values: ['notebook'] },
  'notebook-no-file': { status: 422, retry: false, values: ['notebook', 'kind'] },
  'notebook-invalid': { status: 422, retry: false, values: ['notebook', 'why'] },
  'notebook-not-saved': { status: 409, retry: true, values: ['notebook'] },
  'file-unreadable': { status: 422, retry: false, values: ['file'] },
  'files-missing': { status: 422, retry: false, values: ['patterns'] },
  'no-such-route': { status: 404, retry: false, values: ['path'] },
  'no-such-job': { status: 404, retry: false, values: ['id'] },
  'job-unreadable': { status: 409, retry: false, values: ['id'] },
  'no-such-log': { status: 404, retry: false, values: ['log'] },
  'no-such-file': { status: 404, retry: false, values: ['id', 'file'] },
  'job-active': { status: 409, retry: false, values: ['id'] },
  'job-over': { status: 409, retry: false, values: ['id'] },
  'job-not-over': { status: 409, retry: true, values: ['id'] },
  'result-not-fetched': { status: 409, retry: false, values: ['id'] },
  'nothing-to-fetch': { status: 409, retry: false, values: ['id'] },
  'result-not-seen': { status: 502, retry: true, values: ['cluster'] },
  'state-file-unreadable': { status: 502, retry: true, values: ['file'] },
  'result-unreadable': { status: 409, retry: true, values: ['cluster'] },
  'folder-not-removed': { status: 409, retry: true, values: ['id', 'path'] },
  'source-folder-missing': { status: 409, retry: true, values: ['folder'] },
  'folder-read-only': { status: 409, retry: true, values: ['folder'] },
  'disk-full': { status: 507, retry: true, values: ['folder'] },
  'records-full': { status: 507, retry: true, values: ['folder'] },
  'records-unwritable': { status: 500, retry: true, values: ['file', 'why'] },
  'records-corrupt': { status: 500, retry: false, values: ['file', 'aside'] },
  'records-gone': { status: 503, retry: true, values: ['file'] },
  'file-not-ours': { status: 500, retry: false, values: ['file'] },
  'disk-silent': { status: 504, retry: true, values: ['path', 'seconds'] },
  'place-invalid': { status: 422, retry: false, values: ['folder'] },
  'ssh-missing': { status: 502, retry: true, values: ['host'] },
  'ssh-config-invalid': { status: 502, retry: true, values: ['host'] },
  'ssh-option': { status: 502, retry: true, values: ['host', 'option'] },
  'host-not-found': { status: 502, retry: true, values: ['host'] },
  'host-key-unknown': { status: 502, retry: true, values: ['host', 'fingerprint'] },
  'host-key-changed': {
    status: 502,
    retry: true,
    values: ['host', 'fingerprint', 'known', 'file', 'line']
  },
  'host-key-revoked': { status: 502, retry: true, values: ['host', 'fingerprint', 'file', 'line'] },
  'host-key-revoked-by-file': {
    status: 502,
    retry: true,
    values: ['host', 'fingerprint', 'file']
  },
  'revoked-keys-unreadable': { status: 502, retry: true, values: ['host', 'file'] },
  'host-key-short': {
    status: 502,
    retry: true,
    values: ['host', 'fingerprint', 'bits', 'required']
  },
  'host-key-authority': {
    status: 502,
    retry: true,
    values: ['host', 'fingerprint', 'file', 'line']
  },
  'login-refused': { status: 502, retry: true, values: ['host', 'user'] },
  'login-asks': { status: 502, retry: true, values: ['host', 'user'] },
  'key-locked': { status: 502, retry: true, values: ['host', 'key'] },
  'no-scheduler': { status: 422, retry: false, values: ['cluster', 'programs'] },
  'cluster-unreachable': { status: 502, retry: true, values: ['cluster'] },
  'command-failed': { status: 502, retry: true, values: ['cluster'] },
  'answer-unreadable': { status: 502, retry: true, values: [] },
  'start-up-files': { status: 502, retry: true, values: ['host'] },
  'scheduler-missing': { status: 502, retry: false, values: ['cluster', 'scheduler'] },
  'scheduler-silent': { status: 502, retry: true, values: ['cluster', 'scheduler'] },
  'no-queue': { status: 502, retry: false, values: ['cluster'] },
  'queue-unusable': { status: 502, retry: false, values: ['queue', 'queues'] },
  'base-folder-missing': { status: 502, retry: false, values: ['folder'] },
  'base-folder-read-only': { status: 502, retry: false, values: ['folder'] },
  'base-folder-full': { status: 507, retry: true, values: ['folder'] },
  'environment-failed': { status: 502, retry: false, values: ['line', 'text', 'status'] },
  'environment-ended': { status: 502, retry: false, values: ['line', 'text', 'status'] },
  'environment-slow': { status: 502, retry: false, values: ['seconds'] },
  'python-missing': { status: 502, retry: false, values: ['python'] },
  'python-failed': { status: 502, retry: false, values: ['python'] },
  'python-old': { status: 502, retry: false, values: ['python', 'version', 'oldest'] },
  'packages-missing': { status: 502, retry: false, values: ['packages', 'python', 'fix'] },
  'packages-refused': { status: 502, retry: false, values: ['packages', 'python', 'fix'] },
  'package-old': {
    status: 502,
    retry: false,
    values: ['package', 'version', 'oldest', 'python', 'fix']
  },
  'package-old-refused': {
    status: 502,
    retry: false,
    values: ['package', 'version', 'oldest', 'python', 'fix']
  },
  'service-unavailable': { status: 503, retry: true, values: [] },
  'server-silent': { status: 503, retry: true, values: [] },
  'server-refused': { status: 502, retry: false, values: ['status'] },
  'not-kept': { status: 500, retry: false, values: ['parts'] },
  internal: { status: 500, retry: true, values: [] }
} as const satisfies Record<string, { status: number; retry: boolean; values: readonly string[] }>;

export type ProblemCode = keyof typeof PROBLEMS;

const CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** What stood behind a problem, ready to copy to a help desk. */
export const Details = v.object({
  /** The command that ran, as text. */
  command: v.optional(excerpt),
  /** The host that it ran on. */
  where: v.optional(line),
  exitCode: v.optional(v.nullable(finite)),
  signal: v.optional(v.nullable(line)),
  /** The last of its output, or the system's own message. */
  output: v.optional(excerpt)
});
export type Details = v.InferOutput<typeof Details>;

/** An error as it goes over the wire (application/problem+json) and into records: code and values, no sentence. */
export const Problem = v.object({
  code: v.picklist(CODES),
  values: v.record(v.string(), v.union([line, finite])),
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

/** The values that a problem of this code has. */
type ValuesOf<C extends ProblemCode> = Record<
  (typeof PROBLEMS)[C]['values'][number],
  string | number
>;

interface More {
  fields?: FieldProblem[];
  details?: Details;
  cause?: unknown;
}

/** Shorthand for a problem to throw: its code, the values that the code asks for, and what is known beside them. */
export function problem<C extends ProblemCode>(
  code: C,
  values: ValuesOf<C>,
  more: More = {}
): ProblemError {
  const { cause, fields, details } = more;
  return new ProblemError(
    { code, values, ...(fields && { fields }), ...(details && { details }) },
    { cause }
  );
}
