/** What is no failure: the job is gone, or about to be. */
const GONE = `*"Unknown Job Id"*|*"has finished"*|*"Request invalid for state of job"*|*"already in progress"*`;

/** Ends a job: `CANCEL ID`. */
export const CANCEL_PBS_PRO = `said=$(qdel "$1" 2>&1)
status=$?
printf '%s\\n' "$said" >&2
case $said in ${GONE}) exit 0;; esac
exit "$status"`;

/** A signal that nobody minds who does not ask for it: signal(7). */
export const END_SIGNAL = 'URG';

/**
 * The same for Torque. Its TERM ends the shell above the script, and then MoM kills all that is left at once (scan_for_terminated in mom_start.c): one that
 * runs is told before, by a signal that only the script minds, and has ten seconds.
 */
export const CANCEL_TORQUE = `qsig -s ${END_SIGNAL} "$1" 2>/dev/null &&
  for look in 1 2 3 4 5; do
    sleep 2
    case $(qstat -f "$1" 2>/dev/null) in *"job_state = R"*) ;; *) break;; esac
  done
${CANCEL_PBS_PRO}`;
