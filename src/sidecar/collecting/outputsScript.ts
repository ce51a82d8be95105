import { FILES } from '../../api/jobDirectory';
import { NOT_RESULTS, OURS_IN_JOB_DIRECTORY } from '../../job/paths';
import { quote } from '../../shell/quote';

/** Behind each part of the list; never a name, which begins with a folder of ours. */
export const PART = '@';

/** Behind everything: a list without it was cut. */
export const OUTPUTS_END = 'end';

const PRUNED = NOT_RESULTS.map(name => `-name ${quote(name)}`).join(' -o ');

/**
 * Lists, in the job directory, what the job made; every field ends with a NUL. The length of the notebook, the directory
 * without links; then for each thing a letter (f: file, u: one that cannot be read, d: empty folder, l and what it leads to: link,
 * s: special, o: outside of the folders for work), length, text of the link, path. Then where each link leads in the end; then length and path of each link that
 * leads to a file.
 *
 * New or changed is what has a later change of its inode than the run lock, which the script takes first: unlike the time
 * of modification, nothing that copies or unpacks files can set it.
 */
export const LIST_OUTPUTS = `export LC_ALL=C
found() { [ ! -d ${FILES.runLock} ] || find ${FILES.work} \\( ${PRUNED} \\) -prune -o "$@"; }
links() { found -type l -cnewer ${FILES.runLock} -print0 2>/dev/null; }
find ${FILES.result} -maxdepth 0 -type f -printf %s 2>/dev/null
printf '\\0'; printf '%s\\0' "$(pwd -P)"
[ ! -d ${FILES.outputs} ] || find ${FILES.outputs} -type f -printf 'f\\0%s\\0\\0%p\\0'
found -type d \\( ! -readable -o ! -executable \\) -prune -printf 'u\\0%s\\0\\0%p/\\0' -o -cnewer ${FILES.runLock} \\( \\
  -type d -empty -printf 'd\\0%s\\0\\0%p\\0' -o -type d -o \\
  -type f -readable -printf 'f\\0%s\\0\\0%p\\0' -o -type f -printf 'u\\0%s\\0\\0%p\\0' -o \\
  -type l -printf 'l%Y\\0%s\\0%l\\0%p\\0' -o -printf 's\\0%s\\0\\0%p\\0' \\)
status=$?
[ "$status" -le 1 ] || exit "$status"
[ ! -d ${FILES.runLock} ] || for name in * .[!.]* ..?*; do
  case $name in ${OURS_IN_JOB_DIRECTORY.join('|')}) continue;; esac
  [ ! -e "$name" ] || printf 'o\\0%s\\0\\0%s\\0' "$(find "./$name" -maxdepth 0 -type f -printf %s)" "$name"
done
printf '${PART}\\0'; links | xargs -0r realpath -mz --
printf '${PART}\\0'; links | xargs -0r sh -c 'find -H "$@" -maxdepth 0 -type f -printf "%s\\0%p\\0"' sh 2>/dev/null
printf '${PART}\\0${OUTPUTS_END}'`;
