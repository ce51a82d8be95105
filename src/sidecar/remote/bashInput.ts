/**
 * How bash ends when it came to read what stands behind a script without having run it, and any shell that is not bash.
 * No answer has this status without its mark.
 */
export const NOT_RUN_STATUS = 97;

/** Says which shell reads this, and which the account has. */
function sayReader(reader: string): string {
  return `echo "not run: read by ${reader}, login shell $SHELL"`;
}

/** Which shell has said that it came to read what was meant for bash, and the login shell; null where none has. */
export function readReader(output: string): { name: string; login: string } | null {
  const said = /^not run: read by -?(?:\S*\/)?([a-z0-9]+), login shell (?:\S*\/)?([a-z0-9]*)$/m;
  const [, name, login = ''] = said.exec(output) ?? [];
  return name === undefined ? null : { name, login };
}

/** Ends bash, and any shell like it. */
const NOT_RUN = `${sayReader('$0')}; exit ${NOT_RUN_STATUS}`;

/** For whatever a start-up file of the account asks and reads before bash has its turn: each question takes a line. */
const FOR_QUESTIONS = '\n'.repeat(16);

const IN_CSH = 'test $?BASH_VERSION = 0';

/**
 * Ends a csh, which would pass over what it cannot parse together with the lines after it, and go on with the bytes.
 * Others read `0BASH_VERSION`.
 */
const NO_CSH = `${IN_CSH} && ${sayReader('tcsh')}; ${IN_CSH} && exit ${NOT_RUN_STATUS}`;

/** How many lines stand between the script and the bytes behind it. */
const GUARDS = 8;

/**
 * What bash reads from standard input to run a script. A start-up file may read there, too, or may have put another
 * shell in bash's place: so the script is one line, which is run as a whole by bash or not at all, and lines follow that
 * end whatever shell reads on, before it could take the bytes behind them for commands. The statements
 * have an empty standard input, and the bytes as descriptor 3.
 */
export function bashInput(script: string): string {
  // `$_` is the last word of the line before: nobody has taken that one, either.
  const isBash = `[ "$_" = 0 ] && [ "$BASH_VERSION" ] || { ${NOT_RUN}; }`;
  const passGuards = `for __line in ${'. '.repeat(GUARDS)}; do read -r __line; done`;
  // Outside of what is evaluated: bash 5.2 crashes where that takes its script's descriptor away.
  const apart = 'exec 3<&0 </dev/null';
  const line = `{ ${isBash}; ${passGuards}; ${apart}; eval ${quoteInLine(script)}; exit "$?"; }`;
  return `${FOR_QUESTIONS}${NO_CSH}\n${line}\n${`${NOT_RUN}\n`.repeat(GUARDS)}`;
}

/** Quotes a text so that it has no line ends, and no quotes: to a shell that knows no `$'` it is a word, too. */
function quoteInLine(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", '\\047')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `$'${escaped}'`;
}
