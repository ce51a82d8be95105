import type { Cluster } from '../api/cluster';
import type { BatchJob, Scheduler } from '../schedulers/scheduler';
import { quote } from '../schedulers/text';
import { fileName, type JobPaths } from './paths';

/**
 * The script of one job, whole: the scheduler's directives, then a body that knows no scheduler. It does what the
 * runner cannot do for itself: take the run lock, say that the job has started, set up the environment, and leave a
 * last word should the runner be killed. It can be read in a preview and submitted by hand.
 */
export function jobScript(
  scheduler: Scheduler,
  job: BatchJob,
  paths: JobPaths,
  cluster: Cluster
): string {
  const { spec } = job;
  const lines = [...cluster.environment, ...spec.environment];
  return `#!/usr/bin/env bash
${scheduler.directives(job).join('\n')}
# Made by jupyterlab-submit for ${comment(fileName(spec.notebook))}.
umask 077
cd ${quote(paths.directory)} || exit 1

# Only one start of this job counts. A second start by the site ends here, and says so.
id=${scheduler.idWord}
if ! mkdir run.lock 2>/dev/null; then
  if [ "$id" = "$(cat run.lock/id 2>/dev/null)" ] && [ ! -e exit.json ]; then
    printf '{"state": "failed", "cause": {"code": "restarted"}, "endedAt": %s}\\n' "$(date +%s)" >exit.json.part
    mv exit.json.part exit.json
  fi
  exit 1
fi
printf '%s\\n' "$id" >run.lock/id
printf '{"schedulerId": "%s", "host": "%s", "startedAt": %s}\\n' "$id" "$HOSTNAME" "$(date +%s)" >started.json.part
mv started.json.part started.json

# The last word, should nobody else have it.
cause='{"code": "killed", "signal": null}'
last_word() {
  [ -e exit.json ] && return
  printf '{"state": "failed", "cause": %s, "endedAt": %s}\\n' "$cause" "$(date +%s)" >exit.json.part
  mv exit.json.part exit.json
}
trap last_word EXIT

ulimit -n "$(ulimit -H -n)" 2>/dev/null
export JUPYTERLAB_SUBMIT_JOB=${job.id}
export OMP_NUM_THREADS=${spec.coresPerEngine} OPENBLAS_NUM_THREADS=${spec.coresPerEngine} MKL_NUM_THREADS=${spec.coresPerEngine} NUMEXPR_NUM_THREADS=${spec.coresPerEngine}
${environment(lines)}
python=${quote(spec.python ?? cluster.python ?? 'python3')}
if ! command -v "$python" >/dev/null; then
  cause='{"code": "environment", "module": "python", "python": ${json(spec.python ?? cluster.python ?? 'python3')}, "fix": ""}'
  exit 1
fi

# The warning signal may come before Python can take it: it starts with the signal ignored.
(trap '' USR1; exec "$python" run_notebook.py) &
runner=$!
trap 'kill -USR1 "$runner" 2>/dev/null' USR1
trap 'kill -TERM "$runner" 2>/dev/null' TERM INT
while kill -0 "$runner" 2>/dev/null; do
  wait "$runner"
  status=$?
done
wait "$runner"
status=$?
[ "$status" -gt 128 ] && cause='{"code": "killed", "signal": '$((status - 128))'}'
exit "$status"
`.replace('\n\n#', '\n#');
}

/** The site's and the user's lines as one word for eval, so that none of them can open or close anything of ours. */
function environment(lines: readonly string[]): string {
  return lines.length === 0
    ? ''
    : `eval ${quote(lines.join('\n'))} || echo "the environment lines ended with status $?" >&2\n`;
}

/** A name inside a comment line: what could end the line is not in it. */
function comment(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a1-\u2027\u202a-\uffff]/g, '?');
}

/** A JSON string inside single quotes of the shell. */
function json(text: string): string {
  return JSON.stringify(text).replaceAll("'", `'\\''`);
}
