/** Times two seconds that a job may take to save and end. */
const PATIENCE = 10;

/**
 * Ends a job: `CANCEL ID`; that it is over already is no failure. bkill alone kills a job on several hosts at once, as sites have it
 * mostly (LSB_USE_SEQUENTIAL_SIGNAL): one that runs gets TERM first, and time to save. One that waits takes no such signal.
 */
export const CANCEL = `if bkill -s TERM "$1" >/dev/null 2>&1; then
  for ((left = ${PATIENCE}; left > 0; left--)); do
    case $(bjobs -noheader -o stat "$1" 2>/dev/null) in
      RUN*) sleep 2;;
      DONE*|EXIT*) exit 0;;
      *) break;;
    esac
  done
fi
said=$(bkill "$1" 2>&1)
status=$?
printf '%s\\n' "$said" >&2
case $said in *"already finished"*|*"No matching job"*|*"is not found"*) exit 0;; esac
exit "$status"`;
