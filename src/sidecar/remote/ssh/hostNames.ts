import { globSync, readFileSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';

/** How deep Include may nest (OpenSSH's READCONF_MAX_DEPTH). */
const MOST_DEPTH = 16;

/** The most files that are read: two that include each other would be read without end. */
const MOST_FILES = 300;

/** A line that opens a block, names files to read in its place, or tells of git. */
const LINE = /^\s*(host|match|include|user)(?:\s*=\s*|\s+)(.*?)\s*$/i;

/**
 * The hosts that a person's SSH configuration names, in its order: no patterns, and none of those that are for git
 * (`User git`). Nothing is contacted, and nothing more is understood here: that is left to OpenSSH.
 *
 * @param file Another configuration file than the person's own; null for that.
 */
export function hostNames(file: string | null): string[] {
  const home = homeFolder();
  const found = new Map<string, boolean>();
  let block: string[] = [];
  let files = 0;
  const read = (name: string, depth: number): void => {
    files += 1;
    for (const line of linesOf(name)) {
      const [, word = '', value = ''] = LINE.exec(line) ?? [];
      switch (word.toLowerCase()) {
        case 'host':
          block = words(value).filter(isName);
          block.forEach(host => found.set(host, found.get(host) ?? false));
          break;
        case 'match':
          block = [];
          break;
        case 'user':
          if (words(value)[0] === 'git') {
            block.forEach(host => found.set(host, true));
          }
          break;
        case 'include':
          for (const included of words(value).flatMap(pattern => filesOf(pattern, home))) {
            const within = block;
            if (depth < MOST_DEPTH && files < MOST_FILES) {
              read(included, depth + 1);
            }
            block = within;
          }
          break;
        default:
      }
    }
  };
  read(file ?? path.join(home, '.ssh/config'), 0);
  return [...found].filter(([, isGit]) => !isGit).map(([host]) => host);
}

/** As OpenSSH takes it, whatever HOME says. */
function homeFolder(): string {
  try {
    return userInfo().homedir;
  } catch {
    // A user without an account, as in some containers; ssh itself refuses to serve them.
    return homedir();
  }
}

function linesOf(file: string): string[] {
  try {
    // A pipe would be waited at, by everybody.
    return statSync(file).isFile() ? readFileSync(file, 'utf8').split('\n') : [];
  } catch {
    // There is none, or it is not for us.
    return [];
  }
}

function filesOf(pattern: string, home: string): string[] {
  const whole = pattern.replace(/^~(?=\/)/, () => home);
  return globSync(path.resolve(home, '.ssh', whole)).toSorted();
}

function words(text: string): string[] {
  const beforeComment = text.replace(/\s#.*$/, '');
  return [...beforeComment.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? ''
  );
}

function isName(word: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.:@-]*$/.test(word);
}
