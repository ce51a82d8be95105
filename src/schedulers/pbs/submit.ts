/**
 * From the job directory, so that no path is an option. qsub reads the comments at the top of a script for directives: ours
 * has none. Variables of a job that we may run in ourselves, and a person's own prefix of directives, say nothing about this one.
 */
const BEGIN = `script=$1 log=\${2#"\${1%/*}/"}
shift 2
cd "\${script%/*}" || exit
unset PBS_DPREFIX PBS_NODEFILE PBS_JOBID PBS_ENVIRONMENT`;

/** qsub ends with the last byte of the server's error (15001 and more), which could be taken for a signal's (153 to 192). */
const END = `status=$?
[ "$status" -lt 153 ] || status=1
exit "$status"`;

/**
 * Submits to PBS Pro: `SUBMIT SCRIPT LOG OPTION...`. Its qsub leaves a process of its own behind, but for `-f`. From 19 on, the log can be
 * written where it is to be; else it is copied there when the job has ended.
 */
export const SUBMIT_PBS_PRO = `${BEGIN}
keep=()
if [[ $(qsub --version) =~ ([0-9]+)\\.[0-9] ]] && [ "\${BASH_REMATCH[1]}" -ge 19 ]; then
  keep=(-k oed)
fi
qsub -f "\${keep[@]}" -o "$log" "$@" "\${script##*/}"
${END}`;

/**
 * Submits to Torque: `SUBMIT SCRIPT LOG NODES ENGINES CORES EACH RESOURCES OPTION...`. Where NODES is empty, they are the fewest nodes that
 * have room for so many engines of so many cores, by what `pbsnodes` says of those that are up; EACH is added to each, `:gpus=2`.
 */
export const SUBMIT_TORQUE = `${BEGIN}
nodes=$1 engines=$2 cores=$3 each=$4 resources=$5
shift 5
choose() {
  local size per least more count=0
  for size in $(pbsnodes -a 2>/dev/null | awk '
    $1 == "state" { up = $3 !~ /down|offline|unknown/ }
    $1 == "np" && up { print $3 }
  ' | sort -nr); do
    count=$((count + 1)) per=$((size / cores))
    [ $((per * count)) -ge "$engines" ] && break
  done
  if [ $((\${per:-0} * count)) -lt "$engines" ]; then
    count=1
  fi
  least=$((engines / count)) more=$((engines % count))
  if [ "$more" -gt 0 ]; then
    printf '%s:ppn=%s%s+' "$more" $(((least + 1) * cores)) "$each"
  fi
  printf '%s:ppn=%s%s' $((count - more)) $((least * cores)) "$each"
}
nodes=\${nodes:-$(choose)}
echo "Nodes: $nodes" >&2
qsub -d "$PWD" -o "$log" -l "nodes=$nodes,$resources" "$@" "\${script##*/}"
${END}`;
