/** How a submission begins that finds no parallel environment (refusals.ts). */
export const NO_ENVIRONMENT = 'no parallel environment fits';

/**
 * Submits from the job directory, so that no path is an option: `SUBMIT SCRIPT LOG SLOTS WHERE ENVIRONMENT QUEUE OPTION...`.
 * A parallel environment that was not named is chosen among those that have so many slots, in a queue that may be used: one
 * that lets a job start its own processes on other hosts (control_slaves) and fills one host after the other, or spreads
 * in another way; else one that keeps to one host. What is chosen stands in the job's log.
 */
export const SUBMIT = `script=$1 log=\${2#"\${1%/*}/"} slots=$3 where=$4 environment=$5 queue=$6
shift 6
cd "\${script%/*}" || exit
choose() {
  local name said rule rank best=9 found=
  for name in $(qconf -spl); do
    said=$(qconf -sp "$name") || continue
    value() { sed -n "s/^$1  *//p" <<<"$said"; }
    [ "$(value slots)" -ge "$slots" ] || continue
    rule=$(value allocation_rule)
    case $where:$(value control_slaves):$rule in
      'one host':*:\\$pe_slots) rank=1;;
      'any hosts':TRUE:\\$fill_up) rank=1;;
      'any hosts':TRUE:\\$round_robin) rank=2;;
      'any hosts':TRUE:[1-9]*) [ $((slots % rule)) -eq 0 ] && rank=3 || continue;;
      'any hosts':*:\\$pe_slots) rank=4;;
      *) continue;;
    esac
    if [ "$rank" -lt "$best" ] && [ -n "$(qselect -pe "$name" \${queue:+-q "$queue"} 2>/dev/null)" ]; then
      best=$rank found=$name
    fi
  done
  if [ -z "$found" ]; then
    echo "${NO_ENVIRONMENT}: $slots slots, $where" >&2
    return 1
  fi
  echo "Parallel environment: $found" >>"$log"
  echo "$found"
}
parallel=()
if [ "$slots" -gt 1 ] && [ -z "$environment" ]; then
  environment=$(choose) || exit
fi
[ -z "$environment" ] || parallel=(-pe "$environment" "$slots")
exec qsub -terse -cwd -o "$log" "\${parallel[@]}" "$@" "\${script##*/}"`;
