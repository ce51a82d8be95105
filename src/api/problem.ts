import * as v from 'valibot';
import { excerpt, finite, line } from './bounds';
import { AnyFieldProblem, FieldProblem } from './field';

/** What is known of a problem before it happens. */
interface ProblemKind {
  /**
   * Whether the same request may work later: once time has passed, only once a person has done something, or never, so
   * that another one is needed (another notebook, another setting, first something else).
   */
  heals: 'by-itself' | 'by-a-person' | 'with-another-request';
  /**
   * Where it lies: in what was asked for, in the settings, in how far the job is, on this machine, on the way to a cluster,
   * or there.
   */
  lies: 'request' | 'settings' | 'job' | 'here' | 'way' | 'cluster';
  /** The values that its sentence needs. */
  values: readonly string[];
}

/**
 * Every problem that can go over the wire; whoever tries again, waits or offers something to do goes by this table. Of the
 * values, `patterns` are those that match no file, separated by commas; `log` is a log's name; `fix` a line of a shell; `guards` are lines for
 * start-up files, each with its file.
 * docs/errors.md describes the same codes; a test holds the two equal.
 */
export const PROBLEMS = {
  'invalid-request': { heals: 'with-another-request', lies: 'here', values: [] },
  'invalid-fields': { heals: 'with-another-request', lies: 'request', values: [] },
  'unknown-cluster': { heals: 'with-another-request', lies: 'settings', values: ['cluster'] },
  'cluster-settings': { heals: 'with-another-request', lies: 'settings', values: ['cluster'] },
  'settings-invalid': { heals: 'with-another-request', lies: 'settings', values: [] },
  'hidden-file': { heals: 'with-another-request', lies: 'request', values: ['path'] },
  'not-a-file': { heals: 'with-another-request', lies: 'request', values: ['path'] },
  'notebook-missing': { heals: 'with-another-request', lies: 'request', values: ['notebook'] },
  'notebook-unreadable': { heals: 'with-another-request', lies: 'request', values: ['notebook'] },
  'notebook-no-file': {
    heals: 'with-another-request',
    lies: 'request',
    values: ['notebook', 'kind']
  },
  'notebook-invalid': {
    heals: 'with-another-request',
    lies: 'request',
    values: ['notebook', 'why']
  },
  'notebook-not-saved': { heals: 'by-a-person', lies: 'here', values: ['notebook'] },
  'file-unreadable': { heals: 'with-another-request', lies: 'request', values: ['file'] },
  'files-missing': { heals: 'with-another-request', lies: 'request', values: ['patterns'] },
  'no-such-route': { heals: 'with-another-request', lies: 'here', values: ['path'] },
  'no-such-job': { heals: 'with-another-request', lies: 'request', values: ['id'] },
  'job-unreadable': { heals: 'with-another-request', lies: 'request', values: ['id'] },
  'no-such-log': { heals: 'with-another-request', lies: 'job', values: ['log'] },
  'no-such-file': { heals: 'with-another-request', lies: 'request', values: ['id', 'file'] },
  'job-active': { heals: 'with-another-request', lies: 'job', values: ['id'] },
  'job-over': { heals: 'with-another-request', lies: 'job', values: ['id'] },
  'job-not-over': { heals: 'by-itself', lies: 'job', values: ['id'] },
  'result-not-fetched': { heals: 'with-another-request', lies: 'job', values: ['id'] },
  'nothing-to-fetch': { heals: 'with-another-request', lies: 'job', values: ['id'] },
  'result-not-seen': { heals: 'by-itself', lies: 'cluster', values: ['cluster'] },
  'state-file-unreadable': { heals: 'by-itself', lies: 'cluster', values: ['file'] },
  'result-unreadable': { heals: 'by-a-person', lies: 'cluster', values: ['cluster'] },
  'folder-not-removed': { heals: 'by-a-person', lies: 'cluster', values: ['id', 'path'] },
  'source-folder-missing': { heals: 'by-a-person', lies: 'here', values: ['folder'] },
  'folder-read-only': { heals: 'by-a-person', lies: 'here', values: ['folder'] },
  'disk-full': { heals: 'by-a-person', lies: 'here', values: ['folder'] },
  'records-full': { heals: 'by-a-person', lies: 'here', values: ['folder'] },
  'records-unwritable': { heals: 'by-a-person', lies: 'here', values: ['file', 'why'] },
  'records-corrupt': { heals: 'by-a-person', lies: 'here', values: ['file', 'aside'] },
  'records-gone': { heals: 'by-a-person', lies: 'here', values: ['file'] },
  'file-not-ours': { heals: 'by-a-person', lies: 'here', values: ['file'] },
  'disk-silent': { heals: 'by-itself', lies: 'here', values: ['path', 'seconds'] },
  'place-invalid': { heals: 'with-another-request', lies: 'request', values: ['folder'] },
  'ssh-missing': { heals: 'by-a-person', lies: 'way', values: ['host'] },
  'ssh-config-invalid': { heals: 'by-a-person', lies: 'way', values: ['host'] },
  'ssh-option': { heals: 'by-a-person', lies: 'way', values: ['host', 'option'] },
  'host-not-found': { heals: 'by-itself', lies: 'way', values: ['host'] },
  'host-silent': { heals: 'by-itself', lies: 'way', values: ['host', 'address'] },
  'host-key-unknown': { heals: 'by-a-person', lies: 'way', values: ['host', 'fingerprint'] },
  'host-key-not-kept': { heals: 'by-a-person', lies: 'way', values: ['host', 'fingerprint'] },
  'host-key-not-taken': { heals: 'by-a-person', lies: 'way', values: ['host', 'fingerprint'] },
  'host-key-changed': {
    heals: 'by-a-person',
    lies: 'way',
    values: ['host', 'fingerprint', 'known', 'file', 'line']
  },
  'host-key-revoked': {
    heals: 'by-a-person',
    lies: 'way',
    values: ['host', 'fingerprint', 'file', 'line']
  },
  'host-key-revoked-by-file': {
    heals: 'by-a-person',
    lies: 'way',
    values: ['host', 'fingerprint', 'file']
  },
  'revoked-keys-unreadable': { heals: 'by-a-person', lies: 'way', values: ['host', 'file'] },
  'host-key-short': {
    heals: 'by-a-person',
    lies: 'way',
    values: ['host', 'fingerprint', 'bits', 'required']
  },
  'host-key-authority': {
    heals: 'by-a-person',
    lies: 'way',
    values: ['host', 'fingerprint', 'file', 'line']
  },
  'login-refused': { heals: 'by-a-person', lies: 'way', values: ['host', 'user'] },
  'login-asks': { heals: 'by-a-person', lies: 'way', values: ['host', 'user'] },
  'sign-in-cancelled': { heals: 'by-a-person', lies: 'way', values: ['host'] },
  'sign-in-expired': { heals: 'by-a-person', lies: 'way', values: ['host'] },
  'answer-refused': { heals: 'by-a-person', lies: 'way', values: ['host', 'user'] },
  'password-expired': { heals: 'by-a-person', lies: 'way', values: ['host'] },
  'question-over': { heals: 'with-another-request', lies: 'here', values: [] },
  'certificate-expired': { heals: 'by-a-person', lies: 'way', values: ['host', 'file', 'until'] },
  'ticket-missing': { heals: 'by-a-person', lies: 'way', values: ['host'] },
  'key-locked': { heals: 'by-a-person', lies: 'way', values: ['host', 'key'] },
  'no-scheduler': {
    heals: 'with-another-request',
    lies: 'settings',
    values: ['cluster', 'programs']
  },
  'several-schedulers': {
    heals: 'with-another-request',
    lies: 'settings',
    values: ['cluster', 'schedulers', 'names']
  },
  'cluster-unreachable': { heals: 'by-itself', lies: 'way', values: ['cluster'] },
  'command-failed': { heals: 'by-itself', lies: 'cluster', values: ['cluster'] },
  'answer-unreadable': { heals: 'by-itself', lies: 'cluster', values: [] },
  'start-up-files': { heals: 'by-a-person', lies: 'cluster', values: ['host', 'guards'] },
  'shell-replaced': { heals: 'by-a-person', lies: 'cluster', values: ['host', 'shell', 'guards'] },
  'input-taken': { heals: 'by-a-person', lies: 'cluster', values: ['host', 'guards'] },
  'transfer-host-apart': {
    heals: 'with-another-request',
    lies: 'settings',
    values: ['transferHost', 'host', 'folder']
  },
  'scheduler-missing': { heals: 'by-a-person', lies: 'cluster', values: ['cluster', 'scheduler'] },
  'scheduler-silent': { heals: 'by-itself', lies: 'cluster', values: ['cluster', 'scheduler'] },
  'no-queue': { heals: 'by-a-person', lies: 'cluster', values: ['cluster'] },
  'queue-unusable': { heals: 'with-another-request', lies: 'cluster', values: ['queue', 'queues'] },
  'site-file': { heals: 'by-a-person', lies: 'cluster', values: ['cluster', 'file'] },
  'accounts-failed': {
    heals: 'by-a-person',
    lies: 'cluster',
    values: ['command', 'status', 'said']
  },
  'accounts-slow': {
    heals: 'by-itself',
    lies: 'cluster',
    values: ['command', 'seconds', 'said']
  },
  'accounts-unreadable': { heals: 'by-a-person', lies: 'cluster', values: ['command', 'said'] },
  'base-folder-missing': { heals: 'by-a-person', lies: 'cluster', values: ['folder'] },
  'base-folder-read-only': { heals: 'by-a-person', lies: 'cluster', values: ['folder'] },
  'base-folder-full': { heals: 'by-a-person', lies: 'cluster', values: ['folder'] },
  'base-folder-quota': { heals: 'by-a-person', lies: 'cluster', values: ['folder'] },
  'environment-failed': {
    heals: 'with-another-request',
    lies: 'cluster',
    values: ['line', 'text', 'status']
  },
  'environment-ended': {
    heals: 'with-another-request',
    lies: 'cluster',
    values: ['line', 'text', 'status']
  },
  'environment-slow': { heals: 'with-another-request', lies: 'cluster', values: ['seconds'] },
  'python-missing': { heals: 'by-a-person', lies: 'cluster', values: ['python'] },
  'python-failed': { heals: 'by-a-person', lies: 'cluster', values: ['python'] },
  'python-old': { heals: 'by-a-person', lies: 'cluster', values: ['python', 'version', 'oldest'] },
  'packages-missing': {
    heals: 'by-a-person',
    lies: 'cluster',
    values: ['packages', 'python', 'fix']
  },
  'packages-refused': {
    heals: 'by-a-person',
    lies: 'cluster',
    values: ['packages', 'python', 'fix']
  },
  'package-old': {
    heals: 'by-a-person',
    lies: 'cluster',
    values: ['package', 'version', 'oldest', 'python', 'fix']
  },
  'package-old-refused': {
    heals: 'by-a-person',
    lies: 'cluster',
    values: ['package', 'version', 'oldest', 'python', 'fix']
  },
  'service-unavailable': { heals: 'by-itself', lies: 'here', values: [] },
  'server-silent': { heals: 'by-itself', lies: 'here', values: [] },
  'server-refused': { heals: 'by-a-person', lies: 'here', values: ['status'] },
  'page-old': { heals: 'by-a-person', lies: 'here', values: [] },
  'not-kept': { heals: 'with-another-request', lies: 'here', values: ['parts'] },
  internal: { heals: 'by-a-person', lies: 'here', values: [] },
  unknown: { heals: 'by-a-person', lies: 'here', values: ['word'] }
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Whether the same request may work later, by itself or once a person has done something. */
export function mayHeal(code: ProblemCode): boolean {
  return PROBLEMS[code].heals !== 'with-another-request';
}

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

/** The same as a newer service may say it: a code that is not known here becomes `unknown`, with its bare word. */
export const AnyProblem = v.pipe(
  v.object({
    ...Problem.entries,
    code: line,
    values: v.fallback(Problem.entries.values, {}),
    fields: v.optional(v.array(AnyFieldProblem))
  }),
  v.transform(({ code, ...more }): Problem => {
    const known = CODES.find(one => one === code);
    return known === undefined
      ? { ...more, code: 'unknown', values: { word: code } }
      : { ...more, code: known };
  })
);

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
