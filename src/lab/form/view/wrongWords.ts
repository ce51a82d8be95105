import type { FieldProblem } from '../../../api/field';
import type { Translator } from '../../../api/translation';
import { fieldWords } from '../../../words';

/** What is wrong with a field, in sentences; of a field with several lines, each names its line. */
export function wrongWords(
  problems: readonly FieldProblem[],
  field: string,
  trans: Translator
): string[] {
  return problems.flatMap(problem => {
    const [name, index] = problem.field.split('.');
    if (name !== field) {
      return [];
    }
    const words = fieldWords(problem, trans);
    return [index === undefined ? words : trans.__('Line %1: %2', Number(index) + 1, words)];
  });
}
