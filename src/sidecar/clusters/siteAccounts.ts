import * as v from 'valibot';
import { readStatus } from '../../api/bounds';
import { type Account, MOST_ACCOUNTS, isSame } from '../../api/clusterCheck';
import { type Problem, type ProblemError, problem } from '../../api/problem';
import { name } from '../../api/text';

/** Seconds that a site's line may take, and its look: what the line leaves behind may hold its output open. */
const LINE_SECONDS = 10;
export const ACCOUNTS_SECONDS = 15;

/** How many bytes count of what it prints, and of its errors. */
const MOST_BYTES = 65_536;
const MOST_ERRORS = 4096;

/** How much is told of an account, and of what the line says, in characters. */
const LONGEST_WORDS = 200;

/** How `timeout` says that it has ended a program; by KILL where TERM did not. */
const TOO_LONG = 124;
const KILLED = 137;

/**
 * Runs the line in a shell of its own. Each of its lines is told behind a word, so that none can be taken for one of ours, and what
 * start-up files print (BASH_ENV) ends at `begun`. All is read to its end: a program that finds nobody who reads would fail.
 */
const ASK = `set -o pipefail
tell() {
  head -c "$1" | tr -d '\\000' | LC_ALL=C sed "s/^/$2 /"
  [ "$(wc -c)" -eq 0 ] || printf '\\n%s-cut\\n' "$2"
}
ask() {
  timeout -k 2 ${LINE_SECONDS} bash -c 'printf "\\nbegun\\n"; printf "\\nbegun\\n" >&2; eval "$1"' accounts "$1" 5>&- 6>&- &
  { wait "$!"; } 2>/dev/null
  status=$?
  kill -KILL -- "-$!" 2>/dev/null
  return "$status"
}
exec 6>&1
told=$({
  SECONDS=0
  errors=$(ask "$1" 2>&1 >&5 | tell ${MOST_ERRORS} error)
  printf 'ended %s %s\\n%s\\n' "$?" "$SECONDS" "$errors" >&6
} 5>&1 | tell ${MOST_BYTES} account)
printf '%s\\n' "$told"`;

/** Prints what a site's line tells, for `readSiteAccounts`. */
export function accountsArgv(line: string): string[] {
  return ['bash', '-c', ASK, 'accounts', line];
}

/** The accounts that a site's line has named, each with what it says of them, or why it has named none. */
export interface SiteAccounts {
  accounts: { name: string; words: string }[];
  warning: Problem | null;
}

/**
 * What `accountsArgv` has printed. A line that does not end well has told nothing: half of a list would have the rest taken for
 * accounts of others.
 *
 * @param told null or undefined: nothing was printed.
 * @param line null: the site has none.
 */
export function readSiteAccounts(
  told: { text: string; status: number } | undefined,
  line: string | null
): SiteAccounts {
  if (line === null) {
    return { accounts: [], warning: null };
  }
  const lines = (told?.text ?? '').split('\n');
  const [, code = '', seconds = ''] = /^ended (\d+) (\d+)$/m.exec(told?.text ?? '') ?? [];
  const status = readStatus(code) ?? told?.status ?? 1;
  const said = firstIn(behind('error', lines));
  const isSlow =
    status === TOO_LONG || (status === KILLED && (readStatus(seconds) ?? 0) >= LINE_SECONDS);
  if (isSlow) {
    return none(problem('accounts-slow', { command: line, seconds: LINE_SECONDS, said }));
  }
  if (status !== 0) {
    return none(problem('accounts-failed', { command: line, status, said }));
  }
  const printed = behind('account', lines);
  const accounts = accountsIn(printed);
  return accounts.length === 0
    ? none(problem('accounts-unreadable', { command: line, said: said || firstIn(printed) }))
    : { accounts, warning: null };
}

function none({ problem: warning }: ProblemError): SiteAccounts {
  return { accounts: [], warning };
}

/**
 * The accounts that the batch system tells, and those of the site, which are surely the person's and so come first. What the batch
 * system tells of a name stays.
 */
export function withSiteAccounts(
  told: readonly Account[],
  site: SiteAccounts['accounts']
): Account[] {
  const all = new Map<string, Account>();
  for (const { name, words } of site) {
    const known =
      told.find(each => each.name === name) ?? told.find(each => isSame(each.name, name));
    const account = known ?? { name, notIn: [], qos: [], defaultQos: null };
    all.set(account.name, all.get(account.name) ?? { ...account, words });
  }
  for (const account of told) {
    all.set(account.name, all.get(account.name) ?? account);
  }
  return [...all.values()];
}

/** What stands behind this word, once the line has begun; without the last, where that is not all of it. */
function behind(word: string, lines: readonly string[]): string[] {
  const own = lines
    .filter(each => each.startsWith(`${word} `))
    .map(each => each.slice(word.length + 1));
  const begun = own.indexOf('begun');
  const isCut = lines.includes(`${word}-cut`);
  return begun < 0 ? [] : own.slice(begun + 1, isCut ? -1 : undefined);
}

/** The accounts of lines that begin with a name as a job can have it; a name that comes again is no other. */
function accountsIn(lines: readonly string[]): SiteAccounts['accounts'] {
  const all = new Map<string, string>();
  for (const each of lines) {
    const [, word = '', words = ''] = /^(\S+)\s*(.*)$/.exec(plain(each)) ?? [];
    if (v.is(name, word) && !all.has(word)) {
      all.set(word, words.slice(0, LONGEST_WORDS));
    }
  }
  return [...all].slice(0, MOST_ACCOUNTS).map(([name, words]) => ({ name, words }));
}

function firstIn(lines: readonly string[]): string {
  return (lines.map(plain).find(each => each !== '') ?? '').slice(0, LONGEST_WORDS);
}

/** Without what moves a cursor, tabs and line ends of other systems among them. */
function plain(line: string): string {
  return line.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}
