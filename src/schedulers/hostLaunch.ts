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
  /** A signal that is for the job's script alone. */
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
 * environment by a file, but for what each has of its own.
 */
export function hostLaunch({ hosts, ignored, isTold, own, start, together }: Reach): string {
  const outside = [...own, 'HOSTNAME', 'OLDPWD', 'PWD', 'SHLVL', '_'].join('|');
  const words = [
    ...(isTold ? [] : [`: >"$file.out"`, `printf 'exec >>%q 2>&1\\n' "$file.out"`]),
    ...(ignored === null ? [] : [`echo "trap '' ${ignored}"`]),
    'environment',
    `printf 'cd %q && exec' "$PWD"`,
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
environment() {
  local name
  for name in $(compgen -e); do
    case $name in
      ${outside}) ;;
      *) declare -p "$name";;
    esac
  done
}
start() {
  ${start.replaceAll('\n', '\n  ')}
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
      ${together === null ? 'start &' : `printf '%s) /bin/bash %q &;;&\\n' "\${first[$host]}" "$file" >>"$files/cases"; continue`}
    fi
    children+=("$!")
  done
done
${together === null ? '' : startTogether(together)}${isTold ? 'until wait; do :; done' : TELL}`;
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
