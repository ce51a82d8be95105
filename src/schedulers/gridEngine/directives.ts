import type { FieldProblem } from '../../api/field';
import type { JobForm } from '../../api/jobSpec';
import { directiveWords } from '../directiveWords';

/** Options that change what qsub itself does, how many jobs it makes of what, or by what a job is watched (submit(1)). */
const OURS = [
  '@',
  'C',
  'N',
  'S',
  'b',
  'clear',
  'cwd',
  'e',
  'help',
  'i',
  'j',
  'now',
  'o',
  'pty',
  'r',
  'shell',
  'sync',
  't',
  'tc',
  'terse',
  'verify',
  'wd',
  'xd'
];

/** Options that a field stands for. */
const FIELDS: Readonly<Record<string, keyof JobForm>> = {
  M: 'email',
  P: 'account',
  m: 'email',
  pe: 'parallelEnvironment',
  q: 'queue'
};

/** The words of a directive, without what begins it in a script. */
export function directiveWordsOf(line: string): string[] {
  return directiveWords(line.replace(/^\s*#\$(?=[\s-])\s*/, '').trim());
}

/** What no directive may say. Each of its words that begins with a hyphen is an option. */
export function directiveProblems(directives: readonly string[]): FieldProblem[] {
  return directives.flatMap((line, index): FieldProblem[] => {
    const field = `directives.${index}`;
    const words = directiveWordsOf(line);
    for (const [at, word] of words.entries()) {
      const next = words[at + 1] ?? '';
      const option = word.startsWith('@') ? '@' : word.replace(/^-/, '');
      if (option === word && option !== '@') {
        continue;
      }
      // `-w v` and `-w p` submit nothing.
      if (OURS.includes(option) || (option === 'w' && /^[vp]$/.test(next))) {
        return [{ field, code: 'directive-ours', values: { option: word } }];
      }
      const covered = option === 'l' && /(?:^|,)[hs]_rt=/.test(next) ? 'time' : FIELDS[option];
      if (covered !== undefined) {
        const written = covered === 'time' ? `${word} ${next}` : word;
        return [{ field, code: 'directive-field', values: { option: written, covered } }];
      }
    }
    return [];
  });
}
