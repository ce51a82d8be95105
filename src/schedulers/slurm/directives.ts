import type { FieldProblem } from '../../api/field';
import type { JobForm } from '../../api/jobSpec';
import { directiveWords } from '../directiveWords';

/**
 * Options that change what sbatch itself does, or what a job is watched by: whether it returns at once and prints an id,
 * how many jobs it makes of which script and where, its files, its signals, its second start.
 */
const OURS = [
  'array',
  // Prints options, and submits nothing (23.02).
  'autocomplete',
  'chdir',
  'clusters',
  'error',
  // A job without a script (25.05).
  'external',
  'help',
  'input',
  'open-mode',
  'output',
  'parsable',
  'quiet',
  'requeue',
  'signal',
  'test-only',
  'usage',
  'version',
  'wait',
  'wrap'
];

/** Options that the fields of a form stand for: the command line has them, and would win without a word. */
const FIELDS: Readonly<Record<string, keyof JobForm>> = {
  account: 'account',
  constraint: 'constraint',
  'cpus-per-task': 'coresPerEngine',
  'gpus-per-node': 'gpusPerNode',
  gres: 'gpusPerNode',
  'job-name': 'name',
  'mail-type': 'email',
  'mail-user': 'email',
  mem: 'memoryPerCore',
  'mem-per-cpu': 'memoryPerCore',
  'mem-per-gpu': 'memoryPerCore',
  nodes: 'nodes',
  ntasks: 'cores',
  'ntasks-per-node': 'enginesPerNode',
  partition: 'queue',
  qos: 'qos',
  reservation: 'reservation',
  'tasks-per-node': 'enginesPerNode',
  time: 'time'
};

/** Of these, the ones that the command line says by another option: a second name for it, or one that may not stand beside it. */
const SAID_BY: Readonly<Record<string, string>> = {
  mem: 'mem-per-cpu',
  'mem-per-gpu': 'mem-per-cpu',
  'tasks-per-node': 'ntasks-per-node'
};

/** One-letter names (sbatch(1)); of the others, all but NO_VALUE take what follows in the same word. */
const LETTERS: Readonly<Record<string, string>> = {
  A: 'account',
  C: 'constraint',
  D: 'chdir',
  J: 'job-name',
  M: 'clusters',
  N: 'nodes',
  Q: 'quiet',
  V: 'version',
  W: 'wait',
  a: 'array',
  c: 'cpus-per-task',
  e: 'error',
  h: 'help',
  i: 'input',
  n: 'ntasks',
  o: 'output',
  p: 'partition',
  q: 'qos',
  t: 'time'
};
const NO_VALUE = 'HOQVWhsuv';

/** Options with a shorter name that an abbreviation of the above could be taken for. */
const WHOLE_NAMES = ['gpus'];

/** A directive as it was written, without the word that begins it in a script. */
export function bareDirective(line: string): string {
  return line.replace(/^\s*#SBATCH(?=[\s-])\s*/, '').trim();
}

/**
 * What no directive may say: what is ours to say, and what the command line says in its place.
 *
 * @param given The options of the command line, such as `--time=1`.
 */
export function directiveProblems(
  directives: readonly string[],
  given: readonly string[]
): FieldProblem[] {
  const said = given.map(option => option.replace(/^--|=.*$/gs, ''));
  return directives.flatMap((line, index): FieldProblem[] => {
    const field = `directives.${index}`;
    for (const { option, written } of directiveWords(bareDirective(line)).flatMap(optionsOf)) {
      const covered = FIELDS[option];
      if (option === 'hetjob' || OURS.includes(option)) {
        return [{ field, code: 'directive-ours', values: { option: written } }];
      }
      if (covered !== undefined && said.includes(SAID_BY[option] ?? option)) {
        return [{ field, code: 'directive-field', values: { option: written, covered } }];
      }
    }
    return [];
  });
}

interface Named {
  /** The long name. */
  option: string;
  /** As a person wrote it. */
  written: string;
}

/** The options that a word names. One that is another's value counts, too: too much is refused rather than too little. */
function optionsOf(word: string): Named[] {
  if (/^(?:het|pack)job$/i.test(word)) {
    return [{ option: 'hetjob', written: word }];
  }
  const long = /^--([^=]+)/.exec(word)?.[1];
  if (long !== undefined) {
    return longNames(long).map(option => ({ option, written: `--${long}` }));
  }
  return /^-[^-]/.test(word) ? letters(word.slice(1)) : [];
}

/** A long name, or what it may be short for: getopt_long(3) takes any beginning that only one option has. */
function longNames(name: string): string[] {
  const all = [...OURS, ...Object.keys(FIELDS)];
  return all.includes(name) || WHOLE_NAMES.includes(name)
    ? [name]
    : all.filter(option => option.startsWith(name));
}

/** One-letter options that stand together, up to the first that takes the rest as its value. */
function letters(cluster: string): Named[] {
  const all = cluster.split('');
  const last = all.findIndex(letter => !NO_VALUE.includes(letter));
  return (last < 0 ? all : all.slice(0, last + 1)).flatMap(letter => {
    const option = LETTERS[letter];
    return option === undefined ? [] : [{ option, written: `-${letter}` }];
  });
}
