import { readStatus } from '../../api/bounds';
import type { JobEnd, QueueEntry } from '../scheduler';

type Meaning = Exclude<QueueEntry['state'], 'over'> | { over: JobEnd['how'] };

/**
 * Every state of a job (slurm.h) and what it means. States that are not here are of a newer Slurm, and unknown. A
 * revoked job is another cluster's of the federation: it has not ended.
 */
const STATES: Record<string, Meaning> = {
  PENDING: 'queued',
  CONFIGURING: 'queued',
  EXPEDITING: 'queued',
  REQUEUED: 'queued',
  REQUEUED_CRON: 'queued',
  REQUEUE_FED: 'queued',
  REQUEUE_HOLD: 'queued',
  RESV_DEL_HOLD: 'queued',
  SPECIAL_EXIT: 'queued',
  RUNNING: 'running',
  RESIZING: 'running',
  SIGNALING: 'running',
  SUSPENDED: 'running',
  STOPPED: 'running',
  STAGE_OUT: 'running',
  COMPLETING: 'running',
  COMPLETED: { over: 'completed' },
  FAILED: { over: 'failed' },
  CANCELLED: { over: 'cancelled' },
  TIMEOUT: { over: 'timed-out' },
  DEADLINE: { over: 'deadline' },
  OUT_OF_MEMORY: { over: 'out-of-memory' },
  NODE_FAIL: { over: 'node-failure' },
  BOOT_FAIL: { over: 'node-failure' },
  PREEMPTED: { over: 'preempted' },
  REVOKED: 'unknown'
};

/** What Slurm says of a job, in its own words; `exit` is `status:signal`, `endedAt` seconds since 1970. */
interface Said {
  state: string;
  nodes: string;
  endedAt: string;
  exit?: string;
}

/** Where a job is, and how it ended if it is over. */
export function stateAndEnd({
  endedAt,
  exit,
  nodes,
  state
}: Said): Pick<QueueEntry, 'state' | 'end'> {
  const meaning = (Object.hasOwn(STATES, state) ? STATES[state] : null) ?? 'unknown';
  if (typeof meaning === 'string') {
    return { state: meaning, end: null };
  }
  const [status = null, signal = null] = exit?.split(':').map(readStatus) ?? [];
  return {
    state: 'over',
    end: {
      how: meaning.over,
      // A job that was cancelled or given up while it waited has never had a node.
      hasRun: state !== 'BOOT_FAIL' && !['', '(null)', 'None assigned'].includes(nodes),
      at: momentOf(endedAt),
      // 0:9 is a signal, 3:0 a status.
      status: signal === 0 ? status : null,
      signal: signal === 0 ? null : signal,
      by: null
    }
  };
}

/**
 * Asks for single jobs: slurmctld while it remembers them (MinJobAge), the accounting for longer, if there is any.
 * Both are quiet about what they do not know; an accounting that hangs must not hold up the rest of a look.
 */
const PAST = `export SLURM_TIME_FORMAT=%s
unset \${!SACCT_*} \${!SCONTROL_*}
for id; do scontrol show job -o "$id"; done 2>/dev/null
echo "uid $(id -u)"
ids=$*
timeout 20 sacct --noheader --parsable2 --jobs="\${ids// /,}" --format=JobIDRaw,State,ExitCode,NodeList,End 2>/dev/null
exit 0`;

export function pastArgv(schedulerIds: readonly string[]): string[] {
  return ['bash', '-c', PAST, 'past', ...schedulerIds];
}

/** `JobId=7 JobName=… JobState=FAILED Reason=… ExitCode=3:0 … EndTime=… … NodeList=n1 …` */
const SHOWN = /^JobId=([1-9]\d{0,18}) /;
const SHOWN_KEYS = ['JobState', 'ExitCode', 'EndTime', 'NodeList'] as const;

/** `7|FAILED|3:0|n1|1795809976`, and the same of its steps: `7.batch|…`, `7.0|…`. */
const ACCOUNTED =
  /^([1-9]\d{0,18})(\.[^|\s]+)?\|([A-Z_]+)(?: by (\d+))?\|(\d+:\d+)\|([^|]*)\|(\S*)$/;

/** Reads what `pastArgv` prints. */
export function parsePast(output: string): Map<string, JobEnd> {
  const ends = new Map<string, JobEnd>();
  let user: string | null = null;
  for (const line of output.split('\n')) {
    user = /^uid (\d+)$/.exec(line)?.[1] ?? user;
    const [, shown] = SHOWN.exec(line) ?? [];
    const said = shown === undefined ? null : valuesIn(line);
    if (shown !== undefined && said !== null) {
      const [state = '', exit = '', endedAt = '', nodes = ''] = said;
      learn(ends, shown, stateAndEnd({ state, exit, endedAt, nodes }).end);
    }
    const [, id, step, state = '', by, exit = '', nodes = '', endedAt = ''] =
      ACCOUNTED.exec(line) ?? [];
    if (id === undefined) {
      continue;
    }
    const { end } = stateAndEnd({ state, exit, endedAt, nodes });
    if (step === undefined) {
      const whose = by === user ? 'account' : 'administrator';
      learn(ends, id, end && { ...end, by: by === undefined || user === null ? null : whose });
    } else if (end?.how === 'out-of-memory' && ends.get(id)?.how === 'failed') {
      // The engines' memory ran out, and the job failed of it.
      learn(ends, id, { ...end, by: null }, true);
    }
  }
  return ends;
}

/** The values of our keys, in their order: a job's own name has no blanks, so nothing before can look like one. */
function valuesIn(line: string): string[] | null {
  const values: string[] = [];
  let from = 0;
  for (const key of SHOWN_KEYS) {
    const at = line.indexOf(` ${key}=`, from);
    if (at < 0) {
      return null;
    }
    from = at + key.length + 2;
    const end = line.indexOf(' ', from);
    values.push(line.slice(from, end < 0 ? undefined : end));
  }
  return values;
}

/** Seconds since 1970, as Slurm writes them; null for whatever else stands there. */
export function momentOf(text: string): number | null {
  return /^\d{1,11}$/.test(text) ? Number(text) : null;
}

/** What is said first stands; what is said later adds what it left open. */
function learn(ends: Map<string, JobEnd>, id: string, end: JobEnd | null, replaces = false): void {
  const known = ends.get(id);
  if (end !== null) {
    ends.set(id, known === undefined || replaces ? end : { ...known, by: known.by ?? end.by });
  }
}
