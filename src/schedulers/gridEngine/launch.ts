import { FILES } from '../../api/jobDirectory';

/** What all processes of a job get before they are killed (-notify); the script alone minds it. */
export const END_SIGNAL = 'USR2';

/** The variables that say which of the processes that LAUNCH starts one is, and on which host. */
export const RANK = 'JUPYTERLAB_SUBMIT_RANK';
export const HOST = 'JUPYTERLAB_SUBMIT_HOST';

/**
 * Starts processes on the job's hosts, and stays until all have ended: `LAUNCH DIRECTORY SLOTS WORD...`, with as many as
 * their slots have room for, or one a host where that is 0. The first host is this one; the
 * others are reached by Grid Engine itself (qrsh -inherit), which has a shell read the words, gives each host variables of its
 * own and none of ours, and takes no more processes than a host has slots.
 */
export const LAUNCH = `directory=$1 size=$2
shift 2
umask 077
declare -A slots
hosts=()
if [ -r "$PE_HOSTFILE" ]; then
  while read -r host count _; do
    [ -n "\${slots[$host]}" ] || hosts+=("$host")
    slots[$host]=$((\${slots[$host]:-0} + count))
  done <"$PE_HOSTFILE"
else
  # One slot, and no parallel environment.
  hosts=("$HOSTNAME") slots[$HOSTNAME]=1
fi
files=$(mktemp -d "$directory/${FILES.logs}/launch.XXXXXXXX") || exit
trap 'rm -rf "$files"' EXIT
children=()
trap 'kill "\${children[@]}" 2>/dev/null' TERM INT HUP
environment() {
  local name
  for name in $(compgen -e); do
    case $name in
      HOSTNAME|NHOSTS|NQUEUES|NSLOTS|OLDPWD|PE_HOSTFILE|PWD|QUEUE|SGE_*|SHLVL|TMP|TMPDIR|_) ;;
      *) declare -p "$name";;
    esac
  done
}
rank=0
for host in "\${hosts[@]}"; do
  for ((last = rank + (size ? slots[$host] / size : 1); rank < last; rank++)); do
    export ${RANK}=$rank ${HOST}=$host
    if [ "$host" = "\${hosts[0]}" ]; then
      "$@" &
    else
      { echo "trap '' ${END_SIGNAL}"; environment; printf 'cd %q && exec' "$PWD"; printf ' %q' "$@"; } >"$files/$rank"
      qrsh -inherit -nostdin "$host" /bin/bash "$(printf %q "$files/$rank")" &
    fi
    children+=("$!")
  done
done
until wait; do :; done`;
