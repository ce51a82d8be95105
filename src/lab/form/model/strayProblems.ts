import type { FieldProblem } from '../../../api/field';
import type { Translator } from '../../../api/translation';
import { fieldLabel, fieldWords } from '../../../words';
import { FIELDS, isField } from '../../../api/fields';

/** What is wrong with fields that the form has no place for, in sentences. */
export function strayProblems(
  problems: readonly FieldProblem[],
  taken: readonly string[],
  trans: Translator
): string[] {
  return problems
    .filter(({ field }) => !isShown(field.split('.')[0] ?? '', taken))
    .map(problem =>
      problem.field === ''
        ? fieldWords(problem, trans)
        : trans.__('%1: %2', fieldLabel(problem.field, trans), fieldWords(problem, trans))
    );
}

function isShown(name: string, taken: readonly string[]): boolean {
  if (name === 'notebook' || !isField(name)) {
    return false;
  }
  return ['top', 'files'].includes(FIELDS[name].group) || taken.includes(name);
}
