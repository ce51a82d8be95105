import { FILES } from '../api/jobDirectory';

/** The variables that say which of the processes that a launch starts one is, and on which host. */
export const RANK = 'JUPYTERLAB_SUBMIT_RANK';
export const HOST = 'JUPYTERLAB_SUBMIT_HOST';

/** How a system starts processes on the other hosts of a job. */
export interface Reach {
  /** The job's variable with the file of its hosts, this one first: a line for each slot, or `gx2 4 ...`. */
  hosts: string;
  /** Variables that each host has of its own, as patterns of the shell. */
  own: readonly string[];
  /** A signal that is for the job's script alone, as is USR1 then. */
  ignored: string | null;
  /**
   * Shell lines that run `/bin/bash "$file"` on `$host`, and become what stays until that has ended; where it is `together`, they run
   * `/bin/bash "$files/all"` once on each of `"${hosts[@]:1}"`, and may do so on this one.
   */
  start: string;
  /** The variable that then says which line of the file, from 0, is the first of the host that it runs on; `$first` has it for each. */
  together: string | null;
  /** Whether what processes print comes to what has started them; else it comes through files in the job directory. */
  isTold: boolean;
}

/**
 * A script that starts processes on the job's hosts, and stays until all have ended: `SCRIPT DIRECTORY SLOTS WORD...`, with as many as
 * their slots have room for, or one a host where that is 0. The first host is this one; the others get the job's
 * environment by a file, but for what each has of its own. Of a process elsewhere that did not end well, which may not have begun, it says so.
 */
export function hostLaunch(reach: Reach): string {
  const { hosts, isTold, together } = reach;
  const words = [
    ...(isTold ? [] : [`: >"$file.out"`, `printf 'exec >>%q 2>&1\\n' "$file.out"`]),
    'as_here',
    `printf exec`,
    `printf ' %q' "$@"`
  ].join('; ');
  return `directory=$1 size=$2
shift 2
umask 077
declare -A slots first
hosts=() line=0
if [ -r "$${hosts}" ]; then
  while read -r host count _; do
    [ -n "$host" ] || continue
    [ -n "\${slots[$host]}" ] || { hosts+=("$host"); first[$host]=$line; }
    slots[$host]=$((\${slots[$host]:-0} + \${count:-1}))
    line=$((line + 1))
  done <"$${hosts}"
else
  # One slot, or one host.
  hosts=("$HOSTNAME") slots[$HOSTNAME]=1
fi
files=$(mktemp -d "$directory/${FILES.logs}/launch.XXXXXXXX") || exit
trap 'rm -rf "$files"' EXIT
children=()
trap 'kill "\${children[@]}" 2>/dev/null' TERM INT HUP
${elsewhere(reach)}
start_and_tell() {
  start &
  trap 'kill "$!" 2>/dev/null' TERM INT HUP
  while kill -0 "$!" 2>/dev/null; do wait "$!"; done
  wait "$!" || echo "node $rank on $host ended with $?"
}
rank=0
for host in "\${hosts[@]}"; do
  for ((last = rank + (size ? slots[$host] / size : 1); rank < last; rank++)); do
    export ${RANK}=$rank ${HOST}=$host
    if [ "$host" = "\${hosts[0]}" ]; then
      "$@" &
    else
      file=$files/$rank
      { ${words}; } >"$file"
      ${together === null ? 'start_and_tell &' : `printf '%s) /bin/bash %q &;;&\\n' "\${first[$host]}" "$file" >>"$files/cases"; continue`}
    fi
    children+=("$!")
  done
done
${together === null ? '' : startTogether(together)}${isTold ? 'until wait; do :; done' : TELL}`;
}

/**
 * A script that runs words for a shell on another host of the job, as rsh does: `SCRIPT DIRECTORY HOST WORD...`. An mpiexec that
 * knows nothing of the system starts its processes so; what they print goes where the system has it go. Not for a system whose hosts are reached together.
 */
export function hostAgent(reach: Reach): string {
  return `directory=$1 host=$2
shift 2
umask 077
file=$(mktemp "$directory/${FILES.logs}/agent.XXXXXXXX") || exit
trap 'rm -f "$file"' EXIT
${elsewhere(reach)}
{ as_here; printf '%s\\n' "$*"; } >"$file"
start &
trap 'kill "$!" 2>/dev/null' TERM INT HUP
while kill -0 "$!" 2>/dev/null; do wait "$!"; done
wait "$!"`;
}

/** `as_here` prints what makes another host's shell one of this job, in this folder; `start` runs a file there. */
function elsewhere({ ignored, own, start }: Reach): string {
  const outside = [...own, 'HOSTNAME', 'OLDPWD', 'PWD', 'SHLVL', '_'].join('|');
  return `as_here() {
  local name
  ${ignored === null ? '' : `echo "trap '' USR1 ${ignored}"\n  `}for name in $(compgen -e); do
    case $name in
      ${outside}) ;;
      *) declare -p "$name";;
    esac
  done
  printf 'cd %q || exit\\n' "$PWD"
}
start() {
  ${start.replaceAll('\n', '\n  ')}
}`;
}

/** One file for all hosts: each runs what is meant for it. */
function startTogether(line: string): string {
  return `if [ -f "$files/cases" ]; then
  {
    echo 'case $${line} in'
    cat "$files/cases"
    printf '%s\\n' esac "trap 'kill \\$(jobs -p)' TERM INT HUP" 'until wait; do :; done'
  } >"$files/all"
  start &
  children+=("$!")
fi
`;
}

/** Prints the lines that have come into files, until all processes have ended. A file that is opened anew is seen as it is, over NFS, too. */
const TELL = `declare -A told
tell() {
  local file lines
  for file in "$files"/*.out; do
    [ -f "$file" ] && mapfile -s "\${told[$file]:-0}" lines <"$file" || continue
    [[ \${#lines[@]} -eq 0 || \${lines[-1]} = *$'\\n' ]] || unset 'lines[-1]'
    printf %s "\${lines[@]}"
    told[$file]=$((\${told[$file]:-0} + \${#lines[@]}))
  done
}
isAlive() {
  local child
  for child in "\${children[@]}"; do
    kill -0 "$child" 2>/dev/null && return
  done
  return 1
}
while isAlive; do
  tell
  sleep 0.3
done
tell`;
