import type { Wait } from '../../api/waiting';
import type { QueueEntry } from '../scheduler';

/** More jobs that wait are not asked about one by one: why they do is a word that a person can do without. */
const MOST_ASKED = 50;

/**
 * All jobs of this user, and what Grid Engine says of those that wait or are in error. qstat's own defaults could leave some out
 * (sge_qstat(5)): the options say all that matters.
 */
const STATUS = `jobs=$(qstat -u "$(id -un)" -s prs -r -xml) || exit
printf '%s\\n' "$jobs"
waiting=$(sed -n '/<job_list state="pending">/,/<\\/job_list>/s:.*<JB_job_number>\\([0-9]*\\)<.*:\\1:p' <<<"$jobs" | head -n ${MOST_ASKED})
[ -z "$waiting" ] || timeout 20 qstat -j "\${waiting//$'\\n'/,}" 2>/dev/null
exit 0`;

/** Prints all jobs of this user that qmaster knows. */
export function statusArgv(): string[] {
  return ['bash', '-c', STATUS, 'status'];
}

/** Our own id, at the start of the job's name. */
const OURS = /^([a-z][a-z0-9]{7})-/;

/** The longest reason that is kept, in characters. */
const LONGEST_REASON = 1000;

/** Reads what `statusArgv` printed: in XML the jobs, each whole or not at all, then what is said of those that wait. */
export function parseStatus(output: string): QueueEntry[] {
  const reasons = reasonsIn(output);
  return [...output.matchAll(/<job_list\b[^>]*>([^]*?)<\/job_list>/g)].flatMap(([, job = '']) => {
    const value = (name: string): string =>
      new RegExp(`<${name}>([^<]*)</${name}>`).exec(job)?.[1] ?? '';
    const schedulerId = value('JB_job_number');
    const letters = value('state');
    if (!/^[1-9]\d{0,18}$/.test(schedulerId) || letters === '') {
      return [];
    }
    const state = stateOf(letters);
    const isQueued = state === 'queued';
    const reason = isQueued ? (reasons.get(schedulerId) ?? null) : null;
    return [
      {
        schedulerId,
        jobId: OURS.exec(value('full_job_name') || value('JB_name'))?.[1] ?? null,
        state,
        end: null,
        reason,
        wait: isQueued ? waitOf(letters, reason ?? '') : null,
        estimatedStart: null
      }
    ];
  });
}

/**
 * The letters of a state (sge_status(5)): `qw`, `hqw`, `Eqw`; `r`, `t` on its way to its host, `R` again, suspended in three
 * ways; `d` in front of any while it is being deleted.
 */
function stateOf(letters: string): QueueEntry['state'] {
  if (/q?w/.test(letters)) {
    return 'queued';
  }
  // What could not be started where it was brought waits again, in error: whether a job has begun, its files tell.
  return /^[dhRrtsSTN]+$/.test(letters) && !/^[rt]$/.test(letters) ? 'running' : 'unknown';
}

function waitOf(letters: string, reason: string): Wait | null {
  if (letters.includes('E')) {
    return 'held-after-failures';
  }
  return WAITS.find(([pattern]) => pattern.test(reason))?.[1] ?? null;
}

/** What `qstat -j` says of jobs that wait, where the site has it said at all (schedd_job_info). */
const WAITS: readonly [RegExp, Wait][] = [
  [/job dropped because of job dependencies/, 'another-job'],
  [/because it only offers|overload or full|because it is full/, 'free-nodes'],
  [/job dropped because of user limitations|would exceed limit/i, 'your-limit'],
  [/cannot start before|job is not (?:yet )?eligible/i, 'start-time']
];

/** Says nothing of a job that could run elsewhere: one line for each queue and host that it cannot have. */
const OF_ONE_QUEUE = /^(?:\(-\S.* cannot run (?:in queue|at host)|queue instance )/;

/**
 * By job, in Grid Engine's own words: its error, else why it is not scheduled. Each job's part begins with `job_number:`; what is
 * said goes on in lines that begin with blanks.
 */
function reasonsIn(output: string): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const part of output.split(/^(?=job_number:)/m)) {
    const id = /^job_number: +([1-9]\d{0,18})$/m.exec(part)?.[1];
    const error = /^error reason +\d+: +(.+)$/m.exec(part)?.[1];
    const scheduling = /^scheduling info: +(.+(?:\n +.+)*)$/m.exec(part)?.[1];
    const lines = scheduling?.split('\n').map(line => line.trim()) ?? [];
    const said = error ?? lines.find(line => !OF_ONE_QUEUE.test(line)) ?? lines[0];
    if (id !== undefined && said !== undefined) {
      reasons.set(id, said.slice(0, LONGEST_REASON));
    }
  }
  return reasons;
}
