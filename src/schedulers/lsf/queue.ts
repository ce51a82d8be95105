import { readStatus } from '../../api/bounds';
import type { JobEnd, QueueEntry } from '../scheduler';
import { signalOf } from '../signalOf';
import { waitOf } from './reasons';

/** What is asked of each job; what may hold anything comes last. Without a width, nothing is cut (bjobs -o). LSF 9.1 knows no pend_reason. */
const FORMAT =
  "jobid stat exit_code exec_host estimated_start_time job_name exit_reason pend_reason delimiter='|'";
const OLDER_FORMAT = FORMAT.replace(' pend_reason', '');

/**
 * Asks bjobs, and adds when jobs are expected to start: `start ID SECONDS`, as LSF writes times by the clock of this machine, and
 * mostly without the year. That there are no jobs, bjobs says like an error, and with an exit status that the site chooses.
 */
const ASK = `export LSB_NTRIES="\${LSB_NTRIES:-3}"
none='No (unfinished |matching )?job found|is not found'
time='^([A-Z][a-z][a-z] +[0-9]+ [0-9:]+( [0-9]{4})?)( [A-Z])?$'
ask() {
  local said status
  { said=$(bjobs -noheader -o "$@" 2>&1 1>&3); } 3>&1
  status=$?
  printf '%s\\n' "$said" >&2
  [ -z "$said" ] || printf '%s\\n' "$said" | grep -Evq "$none" || status=0
  return "$status"
}
jobs() {
  local found
  found=$(ask "$format" "$@") || found=$(ask "$older" "$@") || return
  printf '%s\\n' "$found"
}
starts() {
  local id stat start now at
  now=$(date +%s)
  while IFS='|' read -r id stat _ _ start _; do
    [[ $stat == PEND && $start =~ $time ]] || continue
    start=\${BASH_REMATCH[1]}
    at=$(date -d "$start" +%s) || continue
    # At the end of a year, it is one of the next.
    [ "$at" -ge $((now - 86400 * 30)) ] || at=$(date -d "$start next year" +%s)
    echo "start $id $at"
  done
}`;

const STATUS = `format=$1 older=$2
shift 2
${ASK}
found=$(jobs -a) || exit
printf '%s\\n' "$found"
printf '%s\\n' "$found" | starts 2>/dev/null
exit 0`;

/** The same of single jobs, also those that are over: bjobs knows them for an hour (CLEAN_PERIOD). */
const PAST = `format=$1 older=$2
shift 2
${ASK}
jobs "$@" 2>/dev/null
exit 0`;

/** Prints all jobs of this user that mbatchd knows. */
export function statusArgv(): string[] {
  return ['bash', '-c', STATUS, 'status', FORMAT, OLDER_FORMAT];
}

/** Prints these jobs, as far as mbatchd knows them. */
export function pastArgv(schedulerIds: readonly string[]): string[] {
  return ['bash', '-c', PAST, 'past', FORMAT, OLDER_FORMAT, ...schedulerIds];
}

/** `17|EXIT|140|gx1|-|k3v9x2ab-decay|TERM_RUNLIMIT: job killed after reaching LSF run time limit.|-`; `-` is nothing. */
const LINE = /^([1-9]\d{0,18})\|([A-Z_]+)\|([^|]*)\|([^|]*)\|[^|]*\|([^|]*)\|([^|]*)(?:\|(.*))?$/;

/** A line of a job of which nothing else can be read: it is there. */
const THERE = /^([1-9]\d{0,18})\|/;

/** The longest reason that is kept, in characters. */
const LONGEST_REASON = 1000;

/** Our own id, at the start of the job's name. */
const OURS = /^([a-z][a-z0-9]{7})-/;

/** Every state of a job (bjobs); others, such as a job that another cluster has, are unknown. */
const STATES: Readonly<Record<string, QueueEntry['state']>> = {
  PEND: 'queued',
  PSUSP: 'queued',
  // Of a host that sleeps, and behind others on its host.
  PROV: 'queued',
  WAIT: 'queued',
  RUN: 'running',
  USUSP: 'running',
  SSUSP: 'running',
  DONE: 'over',
  EXIT: 'over',
  // Its host does not answer; and the same of one that was to end.
  UNKWN: 'unknown',
  ZOMBI: 'unknown'
};

/** Reads what `statusArgv` printed. */
export function parseStatus(output: string): QueueEntry[] {
  const starts = new Map(
    [...output.matchAll(/^start ([1-9]\d{0,18}) (\d{1,11})$/gm)].map(([, id = '', at]) => [
      id,
      Number(at)
    ])
  );
  return output.split('\n').flatMap((line, at, all) => entry(line, at < all.length - 1, starts));
}

const UNKNOWN = {
  jobId: null,
  state: 'unknown',
  end: null,
  reason: null,
  wait: null,
  estimatedStart: null
} as const;

/** @param isWhole Whether nothing of the line can be missing. */
function entry(line: string, isWhole: boolean, starts: ReadonlyMap<string, number>): QueueEntry[] {
  const [, schedulerId, stat = '', exit = '', hosts = '', name = '', ended = '', pending = ''] =
    LINE.exec(line) ?? [];
  if (schedulerId === undefined) {
    const [, there] = THERE.exec(line) ?? [];
    return there === undefined || !isWhole ? [] : [{ ...UNKNOWN, schedulerId: there }];
  }
  const state = (Object.hasOwn(STATES, stat) ? STATES[stat] : null) ?? 'unknown';
  const isQueued = state === 'queued';
  const reason = isQueued ? said(pending) : null;
  return [
    {
      schedulerId,
      jobId: OURS.exec(name)?.[1] ?? null,
      state,
      end: state === 'over' ? endOf(stat, exit, said(hosts) !== null, ended) : null,
      reason: reason?.slice(0, LONGEST_REASON) ?? null,
      wait: reason === null ? null : waitOf(reason),
      estimatedStart: isQueued ? (starts.get(schedulerId) ?? null) : null
    }
  ];
}

/** What stands there, without the mark at its end; null where nothing does. */
function said(text: string): string | null {
  const trimmed = text.trim().replace(/;$/, '');
  return trimmed === '' || trimmed === '-' ? null : trimmed;
}

/** The ends of jobs that are over, out of what `pastArgv` prints. */
export function parsePast(output: string): Map<string, JobEnd> {
  return new Map(
    parseStatus(output).flatMap(({ schedulerId, end }) =>
      end === null ? [] : [[schedulerId, end]]
    )
  );
}

/** Why LSF has ended a job (lsbatch.h, TERM_): of the others, only that it failed is known. */
const TERMINATIONS: Readonly<Record<string, Pick<JobEnd, 'how' | 'by'>>> = {
  TERM_RUNLIMIT: { how: 'timed-out', by: null },
  TERM_DEADLINE: { how: 'deadline', by: null },
  TERM_MEMLIMIT: { how: 'out-of-memory', by: null },
  TERM_SWAP: { how: 'out-of-memory', by: null },
  TERM_PREEMPT: { how: 'preempted', by: null },
  TERM_OWNER: { how: 'cancelled', by: 'account' },
  TERM_FORCE_OWNER: { how: 'cancelled', by: 'account' },
  TERM_ADMIN: { how: 'cancelled', by: 'administrator' },
  TERM_FORCE_ADMIN: { how: 'cancelled', by: 'administrator' },
  TERM_BUCKET_KILL: { how: 'cancelled', by: null },
  TERM_ORPHAN_SYSTEM: { how: 'cancelled', by: null },
  TERM_REMOVE_HUNG_JOB: { how: 'node-failure', by: null }
};

function endOf(stat: string, exit: string, hasRun: boolean, ended: string): JobEnd {
  const code = readStatus(exit);
  const signal = signalOf(code);
  const rest = { at: null, hasRun };
  if (stat === 'DONE') {
    return { ...rest, how: 'completed', by: null, status: 0, signal: null };
  }
  const term = /^ *(TERM_[A-Z_]+)\b/.exec(ended)?.[1] ?? '';
  const known = Object.hasOwn(TERMINATIONS, term) ? TERMINATIONS[term] : undefined;
  return {
    ...rest,
    ...(known ?? { how: 'failed', by: null }),
    status: signal === null ? code : null,
    signal
  };
}
