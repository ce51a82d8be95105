import { quote } from '../shell/quote';

/** What is done about the lines, as shell statements; `$__first` is the number of the line, `$__status` how it ended. */
export interface AboutLines {
  /** Before each; it may be the last that is heard, as a line may end the shell. */
  begun: string;
  /** After one that failed; those behind it run nevertheless. */
  failed: string;
  /** Descriptors that are not for them. */
  without?: string;
}

/**
 * Statements that run environment lines in the shell that they stand in, one by one, so that it is known which of them
 * fails. Lines that only together are whole (an `if`, a function, a here-document) are one; where none makes it whole, a
 * line stands alone. Each is a word for eval, so that none can open or close anything of ours.
 */
export function environmentLines(
  lines: readonly string[],
  { begun, failed, without = '' }: AboutLines
): string {
  return lines.length === 0
    ? ''
    : `__lines=(${lines.map(quote).join(' ')}) __at=0
__is_whole() {
  case $1 in *\\\\) return 1;; esac
  [ -z "$(BASH_ENV= LC_ALL=C "$BASH" -n -c "$1" 2>&1 </dev/null)" ]
}
while [ "$__at" -lt ${lines.length} ]; do
  __chunk=\${__lines[__at]} __next=$((__at + 1)) __first=$((__at + 1)) __status=0
  until __is_whole "$__chunk"; do
    if [ "$__next" -ge ${lines.length} ]; then
      __chunk=\${__lines[__at]} __next=$((__at + 1))
      break
    fi
    __chunk=$__chunk$'\\n'\${__lines[__next]} __next=$((__next + 1))
  done
  ${begun}
  eval "$__chunk" ${without}|| __status=$?
  [ "$__status" -eq 0 ] || ${failed}
  __at=$__next
done`;
}
