import { hasWildcard } from './glob';
import type { Listing } from './listings';
import type { PythonLiteral } from './pythonSyntax';

/** What a hole stands for while words are split: `$x`, `{x}`, `$(…)`. */
const HOLE = '\0';

/**
 * What shell text names: a line of `!` or `os.system`, a script of `%%bash`.
 *
 * The words are read as bash splits them, as far as files are concerned: quotes, comments,
 * redirections, `a{1,2}.csv`. What a variable holds isn't known. `parts` are the fixed parts of the
 * text, with holes between them.
 */
export function shellNeeds(parts: PythonLiteral): ShellNeeds {
  const needs: ShellNeeds = { words: [], modules: [], code: [], listings: [], isUnknown: false };
  let folder: string | null = null;
  for (const command of commandsIn(parts.join(HOLE))) {
    const before = needs.words.length;
    addCommand(command, needs);
    if (folder !== null) {
      needs.words.push(...below(folder, needs.words.slice(before)));
    }
    // `cd build && ./prog in.dat`
    folder = command[0] === 'cd' && command.length === 2 ? (command[1] ?? null) : folder;
  }
  return needs;
}

function below(folder: string, words: readonly PythonLiteral[]): PythonLiteral[] {
  return words.map(([first = '', ...rest]) => [`${folder}/${first}`, ...rest]);
}

/** The same for words that nobody splits any more. */
export function argvNeeds(words: readonly PythonLiteral[]): ShellNeeds {
  const needs: ShellNeeds = { words: [], modules: [], code: [], listings: [], isUnknown: false };
  addCommand(
    words.map(word => word.join(HOLE)),
    needs
  );
  return needs;
}

export interface ShellNeeds {
  /** words that may be paths, to be treated as string literals */
  words: PythonLiteral[];
  /** `python -m …` */
  modules: string[];
  /** `python -c …` */
  code: string[];
  /** listings of the folder that the command runs in */
  listings: Listing[];
  /** whether a variable holds the command itself: `!{command}` */
  isUnknown: boolean;
}

/** The words of each simple command. */
function commandsIn(text: string): string[][] {
  const commands: string[][] = [[]];
  let word = '';
  let isWord = false;
  const close = (): void => {
    if (isWord) {
      commands.at(-1)?.push(word);
    }
    word = '';
    isWord = false;
  };
  for (const [token] of text.matchAll(TOKEN)) {
    if (/^[\s#]/.test(token) && !(token.startsWith('#') && isWord)) {
      close();
      if (token.includes('\n')) {
        commands.push([]);
      }
    } else if (/^(?:[;&|()]+|\d*[<>]+&?)$/.test(token)) {
      close();
      if (!/[<>]/.test(token)) {
        commands.push([]);
      }
    } else {
      isWord = true;
      word += meaning(token);
    }
  }
  close();
  return commands.filter(command => command.length > 0);
}

const TOKEN = new RegExp(
  [
    String.raw`\s+`,
    String.raw`#[^\n]*`,
    String.raw`\\[^]`,
    String.raw`'[^']*'`,
    String.raw`"(?:\\[^]|[^"\\])*"`,
    String.raw`\$\([^)]*\)|\$?\{[^{}\s,]*\}|\$\w+|\`[^\`]*\``,
    String.raw`\d*[<>]+&?|[;&|()]+`,
    String.raw`[^]`
  ].join('|'),
  'g'
);

/** What a piece of a word stands for, without its quotes. */
function meaning(token: string): string {
  if (token.startsWith("'") && token.length > 1) {
    // IPython fills in variables between these, too.
    return token.slice(1, -1).replace(/\{[\w.[\]]+\}/g, HOLE);
  }
  if (token.startsWith('"') && token.length > 1) {
    return token
      .slice(1, -1)
      .replace(/\$\([^)]*\)|\$?\{[^{}\s]*\}|\$\w+/g, HOLE)
      .replace(/\\(["\\$`])/g, '$1');
  }
  if (/^\\[^]$/.test(token)) {
    return token.slice(1).replace('\n', '');
  }
  const isRange = /^\{[^{}]*\.\.[^{}]*\}$/.test(token);
  return isRange ? '*' : /^(\$.|\{|`)[^]*[^{]$/.test(token) ? HOLE : token;
}

function addCommand(words: readonly string[], needs: ShellNeeds): void {
  const start = words.findIndex(word => !/^\w+=/.test(word) && !BEFORE_COMMANDS.has(word));
  const name = words[start]?.replace(/^.*\//, '') ?? '';
  needs.isUnknown ||= words[start] === HOLE && words.length === 1;
  const isPython = (word: string): boolean => /(^|\/)(python|pypy)[\d.]*$/.test(word);
  let python = false;
  const others: string[] = [];
  words.forEach((word, index) => {
    const before = words[index - 1] ?? '';
    if (python && before === '-m') {
      needs.modules.push(word);
    } else if (python && before === '-c') {
      needs.code.push(word);
    } else if (index !== start || word.includes('/')) {
      others.push(word);
    }
    python ||= isPython(word) || word === HOLE;
  });
  const arguments_ = start < 0 ? [] : words.slice(start + 1).filter(word => !word.startsWith('-'));
  if (name === 'find') {
    needs.listings.push(...findListings(words));
  } else if (LISTERS.has(name) && arguments_.length === 0) {
    needs.listings.push({ text: words.join(' '), folder: 'own', pattern: null });
  } else {
    const all = others.filter(word => isOwnFolder(word) || isOpenGlob(word));
    if (all.length > 0 && !NOT_LISTING.has(name) && name !== '.') {
      const text = shown(words);
      needs.listings.push({ text, folder: 'own', pattern: null });
    }
  }
  needs.words.push(...others.flatMap(pathsIn), ...(UNSAID.get(name) ?? []).map(file => [file]));
}

function shown(words: readonly string[]): string {
  return words.join(' ').replaceAll(HOLE, '…').slice(0, 80);
}

const BEFORE_COMMANDS: ReadonlySet<string> = new Set(
  'time nohup env sudo exec then do else if while ! { srun mpirun mpiexec'.split(' ')
);

/** What a command reads without being told. */
const UNSAID: ReadonlyMap<string, readonly string[]> = new Map([
  ['make', ['GNUmakefile', 'makefile', 'Makefile']],
  ['snakemake', ['Snakefile', 'workflow/Snakefile']],
  ['cmake', ['CMakeLists.txt']]
]);

const LISTERS: ReadonlySet<string> = new Set('ls ll lf lk lx ldir dir tree du'.split(' '));

/** They say `.` or `*` without looking at what lies there. */
const NOT_LISTING: ReadonlySet<string> = new Set(
  'git cd echo rm mkdir rmdir pushd find [ test expr let'.split(' ')
);

function isOwnFolder(word: string): boolean {
  return /^\.\/?$/.test(word);
}

/** A glob with nothing that would tell one file from another: `*`, `./*`. */
function isOpenGlob(word: string): boolean {
  return /^(\.\/)?[*?./]+$/.test(word) && /[*?]/.test(word) && !word.startsWith('/');
}

/** `find`, `find .`, `find . -name '*.csv'` */
function findListings(words: readonly string[]): Listing[] {
  const options = words.findIndex((word, index) => index > 0 && /^[-(!]/.test(word));
  const folders = words.slice(words.indexOf('find') + 1, options < 0 ? undefined : options);
  if (folders.length > 0 && !folders.some(isOwnFolder)) {
    return [];
  }
  const text = shown(words);
  const names = words.filter((_, index) => /^-i?name$/.test(words[index - 1] ?? ''));
  return names.length === 0
    ? [{ text, folder: 'own', pattern: null }]
    : names.map(name => ({ text, folder: 'own', pattern: `**/${name}` }));
}

/** What a word may name: itself, what is behind `=`, `@`, `-I`, the entries of `a:b`, `a,b` and `{a,b}.csv`. */
function pathsIn(word: string): PythonLiteral[] {
  const inside = [
    word,
    ...(/^[^=]*=(.+)$/s.exec(word)?.slice(1) ?? []),
    ...(/^(?:@|-\w)(.+)$/s.exec(word)?.slice(1) ?? []),
    ...(/[:,]/.test(word) ? word.split(/[:=,]/) : [])
  ];
  return [...new Set(inside)]
    .filter(path => !isOwnFolder(path) && path.replaceAll(HOLE, '') !== '')
    .flatMap(braces)
    .map(path => (hasWildcard(path) ? [path.replaceAll(HOLE, '*')] : path.split(HOLE)));
}

/** `a{1,2}.csv` is two words. */
function braces(word: string): string[] {
  const found = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(word);
  if (!found) {
    return [word];
  }
  const [, before = '', choices = '', after = ''] = found;
  return choices
    .split(',')
    .slice(0, 100)
    .flatMap(choice => (word.length > 1000 ? [word] : braces(`${before}${choice}${after}`)))
    .slice(0, 1000);
}
