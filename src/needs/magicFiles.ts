import type { Magic } from './cellSource';

/** What a magic's own argument names. */
export interface MagicNeeds {
  /** what %run runs: a file, `.py` perhaps left out, or with -m a module */
  run: string | null;
  modules: string[];
  /** other words that may name files or folders, to be treated as string literals */
  words: string[];
  /** a line for a shell */
  shell?: string;
}

/**
 * Reads the argument of `%run`, `%load`, `%cd`, `%load_ext`, `%reload_ext`, `%aimport`, of `%sx` and
 * `%system`, and of those that are commands of a shell; the other magics name nothing that has to be there.
 */
export function magicNeeds({ name, argument }: Magic): MagicNeeds {
  const words = shellWords(argument);
  switch (name) {
    case 'run':
      return runNeeds(words);
    case 'load':
    case 'cd':
      return { ...nothing, words: words.filter(word => !word.startsWith('-')) };
    case 'load_ext':
    case 'reload_ext':
      return { ...nothing, modules: words };
    case 'aimport':
      return { ...nothing, modules: argument.split(/[\s,]+/).filter(word => /^\w/.test(word)) };
    case 'sx':
    case 'system':
      return { ...nothing, shell: argument };
    case 'sc':
      return { ...nothing, shell: argument.replace(/^[^=]*=/, '') };
    default:
      return COMMANDS.has(name) ? { ...nothing, shell: `${name} ${argument}` } : nothing;
  }
}

/** IPython's aliases on POSIX (IPython/core/alias.py), and its pagers. */
const COMMANDS: ReadonlySet<string> = new Set(
  'ls ll lf lk lx ldir cat cp mv rm ln less more pycat'.split(' ')
);

const nothing: MagicNeeds = { run: null, modules: [], words: [] };

/** %run's options as its getopt reads them: 'nidtN:b:pD:l:rs:T:em:G' (IPython/core/magics/execution.py) */
function runNeeds(words: string[]): MagicNeeds {
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      return { run: rest.shift() ?? null, modules: [], words: rest };
    }
    const option = /^-([nidtpreG]*)([NbDlsTm])?(.*)$/s.exec(word);
    if (!option || word === '-') {
      return { run: word, modules: [], words: rest };
    }
    const [, , letter, glued] = option;
    const value = letter !== undefined && glued === '' ? rest.shift() : glued;
    if (letter === 'm') {
      return { run: null, modules: value === undefined ? [] : [value], words: rest };
    }
  }
  return nothing;
}

/** Words as Python's shlex splits them: quotes keep blanks together, a backslash keeps one character. */
function shellWords(text: string): string[] {
  const pieces = text.matchAll(/(?:'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]|[^\s'"\\])+/g);
  return [...pieces].map(([word]) =>
    word.replace(
      /'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\([^])/g,
      (_, single?: string, double?: string, escaped?: string) =>
        single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? ''
    )
  );
}
