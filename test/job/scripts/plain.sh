#!/usr/bin/env bash
# Made by jupyterlab-submit for analysis.ipynb.
# For what the notebook and the environment lines make; in the job's own folder nobody else has a part.
theirs=$(umask)
umask 077
cd /home/ada/jobs/k3v9x2ab || exit 1

# The last word, should nobody else have it. A child that a signal ends before it is set up must not have it either.
verdict='"failed", "cause": {"code": "killed", "signal": null}'
uptime=
last_word() {
  trap '' TERM INT
  if [ "$BASHPID" != "$$" ] || [ -f exit.json ]; then return; fi
  notes=$([ -f notes.jsonl ] && grep -h '^{.*}$' notes.jsonl | paste -sd, -)
  ran= # by the machine's uptime, which nobody sets: proc_uptime(5)
  if [ -n "$uptime" ] && read -r now _ 2>/dev/null </proc/uptime; then
    ran=", \"ranSeconds\": $((${now%.*} - ${uptime%.*}))"
  fi
  # A notebook may have put anything here: a pipe would keep us waiting. What the runner has kept of the disk may be all that is left.
  rm -rf exit.json exit.json.part exit.json.room result.ipynb.room
  printf '{"state": %s, "endedAt": %(%s)T%s, "notes": [%s]}\n' "$verdict" -1 "$ran" "$notes" >exit.json.part
  mv exit.json.part exit.json
}

# Only one start of this job counts. A second start by the site ends here, and says so.
id="$PPID"
if ! mkdir run.lock 2>/dev/null; then
  verdict='"failed", "cause": {"code": "restarted"}'
  [ "$id" = "$(cat run.lock/id 2>/dev/null)" ] && last_word
  exit 1
fi
printf '%s\n' "$id" >run.lock/id

# Signals are for the runner, which is $! once it is there. TERM and INT end the job. USR1 comes some time before the
# time limit, perhaps before Python can take it: what is started here ignores it at first.
ended=
end_job() {
  ended=yes
  verdict='"cancelled", "cause": {"code": "cancelled", "by": "unknown"}'
  kill -TERM "$!" 2>/dev/null || exit 143
}
trap last_word EXIT
trap end_job TERM INT
trap '' USR1

printf '{"schedulerId": "%s", "host": "%s", "startedAt": %(%s)T}\n' "$id" "$HOSTNAME" -1 >started.json.part
mv started.json.part started.json
read -r uptime _ 2>/dev/null </proc/uptime

ulimit -S -n hard
export JUPYTERLAB_SUBMIT_JOB=k3v9x2ab
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1

# A process of its own, so that the environment lines may do what they like.
(
umask "$theirs"
  cd /home/ada/jobs/k3v9x2ab || exit 1
  export JUPYTERLAB_SUBMIT_UMASK=$(umask) JUPYTERLAB_SUBMIT_UPTIME=$uptime
  umask 077
  exec python3 run_notebook.pyz
) &
trap 'kill -USR1 "$!" 2>/dev/null' USR1

# Each signal ends a wait early. What the last one says is how the runner ended: bash keeps it.
while kill -0 "$!" 2>/dev/null; do wait "$!"; done
wait "$!"
status=$?
if [ -z "$ended" ] && [ "$status" -le 128 ] && [ -f environment.line ]; then
  [ ! -p notes.jsonl ] && cat environment.line >>notes.jsonl
fi
if [ "$status" -eq 126 ] || [ "$status" -eq 127 ]; then
  verdict='"failed", "cause": {"code": "environment", "module": "python", "python": "python3", "fix": ""}'
elif [ -z "$ended" ] && [ "$status" -gt 128 ] && [ "$status" -le 192 ]; then
  verdict='"failed", "cause": {"code": "killed", "signal": '$((status - 128))'}'
elif [ -z "$ended" ]; then
  verdict='"failed", "cause": {"code": "ended-early", "status": '$status'}'
fi
exit "$status"
