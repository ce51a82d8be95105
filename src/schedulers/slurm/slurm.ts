import { onlyId } from '../onlyId';
import type { QueueEntry, Scheduler } from '../scheduler';
import { bareDirective, directiveProblems } from './directives';
import { momentOf, parsePast, pastArgv, stateAndEnd } from './ends';
import { launch } from './launch';
import { limitsArgv, parseLimits } from './limits';
import { directiveWord, options } from './options';
import { waitOf } from './reasons';
import { parseRefusal } from './refusals';

/**
 * Submits without the variables of a job that we may run in ourselves: they would decide about nodes and tasks. What
 * says which Slurm this is stays, and by which credential it is spoken to; and so do the person's own SBATCH_ defaults, but for
 * those that stand for options that no directive may have either (directives.ts).
 */
const SUBMIT = `for name in \${!SLURM_*}; do
  case $name in SLURM_CONF|SLURM_CONF_SERVER|SLURM_CLUSTERS|SLURM_JWT|SLURM_SACK_SOCKET) ;; *) unset "$name";; esac
done
unset SBATCH_ARRAY_INX SBATCH_CLUSTERS SBATCH_DEBUG SBATCH_ERROR SBATCH_INPUT SBATCH_JOB_NAME SBATCH_NO_REQUEUE
unset SBATCH_OPEN_MODE SBATCH_OUTPUT SBATCH_REQUEUE SBATCH_SIGNAL SBATCH_TIMELIMIT SBATCH_WAIT
exec "$@"`;

/** A line that names the job that was made. */
const SUBMITTED = /^(?:Submitted batch job )?([1-9]\d{0,18})(?:;\S+| on cluster \S+)?\s*$/;

/**
 * Asks for all jobs of this user. The person's SQUEUE_ defaults would leave some out. squeue may end with 0 although
 * the controller did not answer; then its standard error says so, and nothing is known of any job.
 */
const STATUS = `unset \${!SQUEUE_*}
export SLURM_TIME_FORMAT=%s
{ said=$(squeue "$@" 2>&1 1>&3); } 3>&1
status=$?
printf '%s\\n' "$said" >&2
case $said in *error:*) exit 1;; esac
exit "$status"`;

/** Ends a job. The person's SCANCEL_ defaults would leave out jobs of some state, name or queue, or ask first. */
const CANCEL = `unset \${!SCANCEL_*}
exec scancel "$1"`;

/** Id, state, expected start, end, nodes, name and reason; only the reason may hold a `|` in a job of ours. */
const FORMAT = '%i|%T|%S|%e|%N|%j|%r';
const LINE = /^([1-9]\d{0,18})\|([A-Z_]+)\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|(.*)$/;

/** A line of a job of which nothing else can be read: it is there. */
const THERE = /^([1-9]\d{0,18})\|/;

/** The longest reason that is kept, in characters. */
const LONGEST_REASON = 1000;

/** Our own id, at the start of the job's name. */
const OURS = /^([a-z][a-z0-9]{7})-/;

/** Slurm, from 20.11 on: each option here is in all versions since (test/recorded/slurm_versions). */
export const slurm: Scheduler = {
  name: 'slurm',
  // Others that have a command of this name are wrappers that speak as Slurm does.
  detect: { program: 'sbatch', whose: null },
  variables: ['SLURM_CONF', 'SLURM_CONF_SERVER', 'SLURM_CLUSTERS'],
  supports: [
    'memoryPerCore',
    'nodes',
    'enginesPerNode',
    'coresPerEngine',
    'launcher',
    'queue',
    'account',
    'qos',
    'reservation',
    'constraint',
    'gpusPerNode',
    'gpuType',
    'email',
    'directives'
  ],
  // A controller that was just started may answer before it knows every job.
  absence: { confirmSeconds: 60, filesSeconds: 180, meansKilled: false },
  queuePace: { firstSeconds: 15, longestSeconds: 60 },
  endSignal: null,
  orders: [],
  idWord: '"$SLURM_JOB_ID"',
  directives: job => [
    ...options(job).map(option => `#SBATCH ${directiveWord(option)}`),
    ...job.spec.directives.map(line => `#SBATCH ${bareDirective(line)}`)
  ],
  directiveProblems: job => directiveProblems(job.spec.directives, options(job)),
  submitArgv: job => [
    'bash',
    '-c',
    SUBMIT,
    'submit',
    'sbatch',
    '--parsable',
    '--ignore-pbs',
    ...options(job),
    job.script
  ],
  // A site's own sbatch may leave out --parsable.
  parseJobId: output => onlyId(output, SUBMITTED),
  parseRefusal,
  // Succeeds for a job that is not there any more.
  cancelArgv: ({ schedulerId }) => ['bash', '-c', CANCEL, 'cancel', schedulerId],
  statusArgv: () => [
    'bash',
    '-c',
    STATUS,
    'status',
    '--me',
    '--noheader',
    '--states=all',
    `--format=${FORMAT}`
  ],
  parseStatus: output =>
    output.split('\n').flatMap((line, at, all) => entry(line, at < all.length - 1)),
  records: { argv: pastArgv, parse: parsePast },
  limits: { argv: limitsArgv(), parse: parseLimits },
  launch
};

const UNKNOWN = {
  jobId: null,
  state: 'unknown',
  end: null,
  reason: null,
  wait: null,
  estimatedStart: null
} as const;

/** @param isWhole Whether nothing of the line can be missing. */
function entry(line: string, isWhole: boolean): QueueEntry[] {
  const [, schedulerId, word, start, endedAt, nodes, name, reason] = LINE.exec(line) ?? [];
  if (schedulerId === undefined || word === undefined || name === undefined) {
    const [, there] = THERE.exec(line) ?? [];
    return there === undefined || !isWhole ? [] : [{ ...UNKNOWN, schedulerId: there }];
  }
  const { state, end } = stateAndEnd({
    state: word,
    endedAt: endedAt ?? '',
    nodes: nodes ?? ''
  });
  return [
    {
      schedulerId,
      jobId: OURS.exec(name)?.[1] ?? null,
      state,
      end,
      reason:
        state !== 'queued' || reason === undefined || reason === 'None'
          ? null
          : reason.slice(0, LONGEST_REASON),
      wait: state === 'queued' ? waitOf(word, reason ?? '') : null,
      estimatedStart: state === 'queued' ? momentOf(start ?? '') : null
    }
  ];
}
