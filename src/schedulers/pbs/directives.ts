import type { FieldProblem } from '../../api/field';
import type { JobForm } from '../../api/jobSpec';
import { directiveWords } from '../directiveWords';

/** The options of a qsub, as getopt(3) has them: those with a colon take a value. */
export const PBS_PRO_OPTIONS = 'a:A:c:C:e:fhIj:J:k:l:m:M:N:o:p:P:q:r:R:S:u:v:VW:Xz';
export const TORQUE_OPTIONS =
  'a:A:b:c:C:d:D:e:EfF:hi:Ij:J:k:K:l:L:m:M:nN:o:p:P:q:r:S:t:T:u:v:Vw:W:Xxz';

/** Options that change what qsub itself does, how many jobs it makes of what, or by what a job is watched (qsub(1B) of both). */
const OURS = 'CDGIJNRSXdefjkortxz';

/** Options that a field stands for. */
const FIELDS: Readonly<Record<string, keyof JobForm>> = {
  A: 'account',
  M: 'email',
  m: 'email',
  q: 'queue'
};

/** Resources that a field stands for: the systems take no second word on them, or the wrong one. */
const RESOURCES: readonly [RegExp, keyof JobForm][] = [
  [/^walltime$/, 'time'],
  [/^(?:select|nodes|nodect)$/, 'nodes'],
  [/^(?:ncpus|procs|mpiprocs|ppn)$/, 'cores'],
  [/^mem$/, 'memoryPerCore'],
  [/^n?gpus$/, 'gpusPerNode']
];

/** The words of a directive, without what begins it in a script. */
export function directiveWordsOf(line: string): string[] {
  return directiveWords(line.replace(/^\s*#PBS(?=[\s-])\s*/, '').trim());
}

/**
 * What no directive may say.
 *
 * @param known The options of this qsub.
 */
export function directiveProblems(directives: readonly string[], known: string): FieldProblem[] {
  return directives.flatMap((line, index): FieldProblem[] => {
    const field = `directives.${index}`;
    for (const { letter, value, written } of optionsIn(directiveWordsOf(line), known)) {
      if (letter === '' || OURS.includes(letter) || isInteractive(letter, value)) {
        return [{ field, code: 'directive-ours', values: { option: written } }];
      }
      const covered = letter === 'l' ? resourceField(value) : FIELDS[letter];
      if (covered !== undefined) {
        const option = letter === 'l' ? `${written} ${value}` : written;
        return [{ field, code: 'directive-field', values: { option, covered } }];
      }
    }
    return [];
  });
}

/** `-W block=true` stays until the job has ended. */
function isInteractive(letter: string, value: string): boolean {
  return letter === 'W' && /(?:^|,)\s*(?:block|interactive)\b/i.test(value);
}

function resourceField(value: string): keyof JobForm | undefined {
  const names = value.split(',').map(part => (part.split('=')[0] ?? '').trim());
  return RESOURCES.find(([pattern]) => names.some(name => pattern.test(name)))?.[1];
}

interface Option {
  /** '' for a word that is no option: qsub would take it for the script. */
  letter: string;
  value: string;
  written: string;
}

/** Words as getopt(3) takes them apart: letters that stand together, a value in the same word or the next. */
function optionsIn(words: readonly string[], known: string): Option[] {
  const options: Option[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!/^-[^-]/.test(word)) {
      return [...options, { letter: '', value: '', written: word }];
    }
    for (let index = 1; index < word.length; index += 1) {
      const letter = word[index] ?? '';
      const written = `-${letter}`;
      if (!known.includes(`${letter}:`)) {
        options.push({ letter, value: '', written });
        continue;
      }
      const rest = word.slice(index + 1);
      if (rest === '') {
        at += 1;
      }
      options.push({ letter, value: rest === '' ? (words[at] ?? '') : rest, written });
      break;
    }
  }
  return options;
}
