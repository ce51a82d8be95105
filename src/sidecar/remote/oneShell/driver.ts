import { MOST_ERRORS } from '../streams';

/** Seconds for which a command may take none of what is sent to it; then what has come of a piece is thrown away. */
const TAKE_SECONDS = 300;

/** The variable that tells a command that others wait for its end. */
export const ONE_SHELL = 'JUPYTERLAB_SUBMIT_ONE_SHELL';

/**
 * What one bash does for as long as it lives: runs a bash for each line `run MARK`, one after another, and hands it what comes in
 * pieces on standard input:
 *
 * - `piece N` and N bytes: for the command's standard input; once it has not taken all of one, its input is at its end;
 * - `eof`: nothing more comes for it;
 * - `kill PID`: ends the command, with all in its process group;
 * - `over`: the command's end was heard.
 *
 * It answers on standard output with a line `MARK PID`, all that the command prints, and a line `MARK STATUS ERRORS`: its status, which
 * is `killed` where there is none, and the beginning of what it has said on standard error, in base64. The first line is `MARK ready`,
 * with the mark of the caller. Nothing of this comes on standard error: what carries the bytes may speak there.
 *
 * What a command leaves behind holds a pipe of its own, and so says nothing in the next one's answer. No start-up file is read
 * again: bash does that where it takes itself for the first shell that sshd has started.
 */
export function driver(mark: string): string {
  return `exec 0<&3 3<&-
__feed() {
  local what value
  while read -r what value; do
    case $what in
      piece) head -c "$value" | { timeout ${TAKE_SECONDS} cat 2>/dev/null; taken=$?; cat >/dev/null; exit $taken; } || exec >/dev/null ;;
      eof) exec >/dev/null ;;
      kill) kill -KILL -"$value" 2>/dev/null ;;
      over) break ;;
    esac
  done
}
__lead() {
  printf '%s %s\\n' "$1" "$BASHPID" >&6
  # What bash says of a signal is not the command's.
  { ${ONE_SHELL}=1 SHLVL=9 bash 2>&8 6>&- 8>&- 9>&-; } 8>&2 2>/dev/null
  printf '%s' "$?" >&9
}
__run() {
  {
    {
      __status=$(set -m; { __lead "$1" | { exec 9>&-; cat >&6; }; } 9>&1 2>&7 7>&-)
      printf '%s %s ' "$1" "\${__status:-killed}" >&6
    } 7>&1 | {
      # Until the part before has ended, there is no end of its words, either.
      __errors=$(head -c ${MOST_ERRORS} | base64 -w 0)
      cat >/dev/null
      printf '%s\\n' "$__errors" >&6
    }
  } 6>&1
}
printf '%s ready\\n' '${mark}'
while read -r __what __mark; do
  [ "$__what" = run ] && __feed | __run "$__mark"
done
`;
}
