/**
 * Submits the script as a command: `SUBMIT SCRIPT LOG OPTION...`. What bsub reads from its standard input, or takes for a script, it
 * looks through for `#BSUB`; a command it leaves as it is, for a Bourne shell. The job writes its log by itself: bsub would replace
 * `%J` and its like in the path, and keep all output in the home folder until the end. Variables that change what bsub does, or that
 * tell of a job that we may run in, are not for this one. Where mbatchd does not answer, bsub gives up after some attempts (LSB_NTRIES).
 */
export const SUBMIT = `script=$1 log=$2
shift 2
unset BSUB_BLOCK BSUB_CHK_RESREQ BSUB_QUIET BSUB_QUIET2 BSUB_STDERR LSB_DJOB_HOSTFILE LSB_HOSTS LSB_MCPU_HOSTS
export LSB_NTRIES="\${LSB_NTRIES:-3}"
cd "\${script%/*}" || exit
quote=\\' escaped="'\\\\''"
word() { printf "'%s'" "\${1//$quote/$escaped}"; }
exec bsub "$@" "exec /bin/bash $(word "$script") >>$(word "$log") 2>&1"`;
