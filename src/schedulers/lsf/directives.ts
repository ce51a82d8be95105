import type { FieldProblem } from '../../api/field';
import type { JobForm, JobSpec } from '../../api/jobSpec';
import { directiveWords } from '../directiveWords';
import { spanOf } from './options';

/**
 * Options that change what bsub itself does, how many jobs it makes of what and where, its files, its signals, its second start, or
 * by what a job is watched (bsub(1)).
 */
const OURS = [
  'I',
  'IS',
  'ISp',
  'ISs',
  'IX',
  'Ip',
  'Is',
  'J',
  'K',
  'L',
  'Q',
  'V',
  'Zs',
  'ar',
  'clusters',
  'cwd',
  'e',
  'eo',
  'h',
  'help',
  'i',
  'is',
  'json',
  'jsdl',
  'jsdl_strict',
  'o',
  'oo',
  'outdir',
  'pack',
  'r',
  'rn',
  'rnc',
  's',
  'wa',
  'wt',
  'yaml'
];

/** Options that a field stands for. */
const FIELDS: Readonly<Record<string, keyof JobForm>> = {
  B: 'email',
  N: 'email',
  Ne: 'email',
  P: 'account',
  U: 'reservation',
  W: 'time',
  gpu: 'gpusPerNode',
  n: 'cores',
  q: 'queue',
  u: 'email'
};

/** Options that take no value: what follows them is none. */
const NO_VALUE = ['H', 'XF', 'ptl', 'ul', 'x'];

/** The words of a directive, without what begins it in a script. */
export function directiveWordsOf(line: string): string[] {
  return directiveWords(line.replace(/^\s*#BSUB(?=[\s-])\s*/, '').trim());
}

/** What no directive may say. Each of its words that begins with a hyphen is an option; one that is no option's value would be the job. */
export function directiveProblems(spec: JobSpec): FieldProblem[] {
  const span = spanOf(spec);
  return spec.directives.flatMap((line, index): FieldProblem[] => {
    const field = `directives.${index}`;
    const words = directiveWordsOf(line);
    for (const [at, word] of words.entries()) {
      const next = words[at + 1] ?? '';
      // `-n4` is `-n 4`.
      const option = /^-([nW])\d/.exec(word)?.[1] ?? word.replace(/^-/, '');
      if (option === word && isValue(words[at - 1])) {
        continue;
      }
      if (option === word || OURS.includes(option)) {
        return [{ field, code: 'directive-ours', values: { option: word } }];
      }
      const covered = option === 'R' && /\bspan\[/.test(next) ? span?.field : FIELDS[option];
      if (covered !== undefined) {
        const written = option === 'R' ? `${word} ${next}` : word;
        return [{ field, code: 'directive-field', values: { option: written, covered } }];
      }
    }
    return [];
  });
}

/** Whether what follows this word is its value. */
function isValue(before: string | undefined): boolean {
  return before?.startsWith('-') === true && !NO_VALUE.includes(before.slice(1));
}
