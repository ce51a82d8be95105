import type { Cluster } from '../api/cluster';
import { FILES } from '../api/jobDirectory';
import { type JobSpec, threadsOf } from '../api/jobSpec';
import type { BatchJob, Scheduler } from '../schedulers/scheduler';
import { quote } from '../shell/quote';
import { environmentLines } from './environmentLines';
import { fileName } from './paths';

/** How much of an environment line is told of one that fails. */
const MOST_OF_A_LINE = 80;

/**
 * The script of one job, whole: the scheduler's directives, then a body that knows no scheduler. It does what the
 * runner cannot do for itself: take the run lock, say that the job has started, set up the environment, and leave a
 * last word should the runner be killed. It can be read in a preview and submitted by hand.
 *
 * @param directory The job directory.
 */
export function jobScript(
  scheduler: Scheduler,
  job: BatchJob,
  directory: string,
  cluster: Cluster
): string {
  const { spec } = job;
  const { endSignal } = scheduler;
  const python = pythonOf(spec, cluster);
  const threads = ['OMP', 'OPENBLAS', 'MKL', 'NUMEXPR']
    .map(library => `${library}_NUM_THREADS=${threadsOf(spec)}`)
    .join(' ');
  return `${heading(scheduler, job)}
# For what the notebook and the environment lines make; in the job's own folder nobody else has a part.
theirs=$(umask)
umask 077
cd ${quote(directory)} || exit 1

# The last word, should nobody else have it. A child that a signal ends before it is set up must not have it either.
verdict='"failed", "cause": {"code": "killed", "signal": null}'
uptime=
last_word() {
  trap '' TERM INT
  if [ "$BASHPID" != "$$" ] || [ -f ${FILES.exit} ]; then return; fi
  notes=$([ -f ${FILES.notes} ] && grep -h '^{.*}$' ${FILES.notes} | paste -sd, -)
  ran= # by the machine's uptime, which nobody sets: proc_uptime(5)
  if [ -n "$uptime" ] && read -r now _ 2>/dev/null </proc/uptime; then
    ran=", \\"ranSeconds\\": $((\${now%.*} - \${uptime%.*}))"
  fi
  # A notebook may have put anything here: a pipe would keep us waiting. What the runner has kept of the disk may be all that is left.
  rm -rf ${FILES.exit} ${FILES.exit}.part ${FILES.exit}.room ${FILES.result}.room
  printf '{"state": %s, "endedAt": %(%s)T%s, "notes": [%s]}\\n' "$verdict" -1 "$ran" "$notes" >${FILES.exit}.part
  mv ${FILES.exit}.part ${FILES.exit}
}

# Only one start of this job counts. A second start by the site ends here, and says so.
id=${scheduler.idWord}
if ! mkdir ${FILES.runLock} 2>/dev/null; then
  verdict='"failed", "cause": {"code": "restarted"}'
  [ "$id" = "$(cat ${FILES.runId} 2>/dev/null)" ] && last_word
  exit 1
fi
printf '%s\\n' "$id" >${FILES.runId}

# Signals are for the runner, which is $! once it is there. TERM and INT end the job. USR1 comes some time before the
# time limit, perhaps before Python can take it: what is started here ignores it at first.
ended=
end_job() {
  ended=yes
  verdict='"cancelled", "cause": {"code": "cancelled", "by": "unknown"}'
  kill -TERM "$!" 2>/dev/null || exit 143
}
trap last_word EXIT
trap end_job TERM INT${endSignal === null ? '' : ` ${endSignal}`}
trap '' USR1

printf '{"schedulerId": "%s", "host": "%s", "startedAt": %(%s)T}\\n' "$id" "$HOSTNAME" -1 >${FILES.started}.part
mv ${FILES.started}.part ${FILES.started}
read -r uptime _ 2>/dev/null </proc/uptime

ulimit -S -n hard
export JUPYTERLAB_SUBMIT_JOB=${job.id}
export ${threads}

# A process of its own, so that the environment lines may do what they like.
(
${endSignal === null ? '' : `trap '' ${endSignal}\n`}umask "$theirs"
${environment([...cluster.environment, ...spec.environment])}  cd ${quote(directory)} || exit 1
  export JUPYTERLAB_SUBMIT_UMASK=$(umask) JUPYTERLAB_SUBMIT_UPTIME=$uptime
  umask 077
  exec ${quote(python)} ${FILES.runner}
) &
${passOnWarning(scheduler)}

# Each signal ends a wait early. What the last one says is how the runner ended: bash keeps it.
while kill -0 "$!" 2>/dev/null; do wait "$!"; done
wait "$!"
status=$?
if [ -z "$ended" ] && [ "$status" -le 128 ] && [ -f ${FILES.environmentLine} ]; then
  [ ! -p ${FILES.notes} ] && cat ${FILES.environmentLine} >>${FILES.notes}
fi
if [ "$status" -eq 126 ] || [ "$status" -eq 127 ]; then
  verdict='"failed", "cause": {"code": "environment", "module": "python", "python": ${json(python)}, "fix": ""}'
elif [ -z "$ended" ] && [ "$status" -gt 128 ] && [ "$status" -le 192 ]; then
  verdict='"failed", "cause": {"code": "killed", "signal": '$((status - 128))'}'
elif [ -z "$ended" ]; then
  verdict='"failed", "cause": {"code": "ended-early", "status": '$status'}'
fi
${notAnOrder(scheduler)}exit "$status"
`;
}

/** The interpreter that a job starts; one without a folder is found on the PATH that the environment lines leave. */
export function pythonOf(spec: JobSpec, cluster: Cluster): string {
  return spec.python ?? cluster.python ?? 'python3';
}

/** Where all processes get what is for the script, they ignore it: of what is passed on then, nobody but the runner takes notice. */
function passOnWarning({ endSignal }: Scheduler): string {
  return `trap 'kill -${endSignal === null ? 'USR1' : 'URG'} "$!" 2>/dev/null' USR1`;
}

/** Without a word about it, the site would do with the job what such an exit code asks for. */
function notAnOrder({ orders }: Scheduler): string {
  return orders.length === 0 ? '' : `case $status in ${orders.join('|')}) status=1;; esac\n`;
}

function heading(scheduler: Scheduler, job: BatchJob): string {
  const made = `# Made by jupyterlab-submit for ${comment(fileName(job.spec.notebook))}.`;
  return ['#!/usr/bin/env bash', ...scheduler.directives(job), made].join('\n');
}

/** The site's and the user's lines. One that fails is noted; so is, by what it leaves behind, one that ends the shell. */
function environment(lines: readonly string[]): string {
  if (lines.length === 0) {
    return '';
  }
  const said = '"$__first" "${__said[__first - 1]}"';
  return `  __job=$PWD
  __said=(${lines.map(line => quote(JSON.stringify(line.slice(0, MOST_OF_A_LINE)))).join(' ')})
${environmentLines(lines, {
  begun: `printf '{"code": "environment-ended", "line": %s, "text": %s}\\n' ${said} >|"$__job/${FILES.environmentLine}"`,
  failed: `printf '{"code": "environment-failed", "line": %s, "text": %s, "status": %s}\\n' ${said} "$__status" >>"$__job/${FILES.notes}"`
})}
  rm -f "$__job/${FILES.environmentLine}"
`;
}

/** A name inside a comment line: what could end the line is not in it. */
function comment(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a1-\u2027\u202a-\uffff]/g, '?');
}

/** A JSON string inside single quotes of the shell. */
function json(text: string): string {
  return JSON.stringify(text).replaceAll("'", `'\\''`);
}
