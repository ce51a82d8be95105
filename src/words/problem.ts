import type { FieldProblem } from '../api/field';
import type { Problem, ProblemCode } from '../api/problem';
import type { Translator } from '../api/translation';
import { CHECK_SENTENCES } from './checkProblem';
import { detailsText } from './details';
import type { Explanation, Sentence } from './explanation';
import { fieldLabel, fieldWords } from './field';
import { HOST_SENTENCES } from './hostProblem';
import { JOB_SENTENCES } from './jobProblem';
import { SERVICE_SENTENCES } from './serviceProblem';
import { SUBMISSION_SENTENCES } from './submissionProblem';

/**
 * A problem in words. `label` names a field as the reader knows it (a terminal says `--time`); the form's own labels
 * when it is absent.
 */
export function problemWords(
  problem: Problem,
  trans: Translator,
  label: (field: string) => string = field => fieldLabel(field, trans)
): Explanation {
  const details = detailsText(problem.details, trans);
  if (problem.code === 'invalid-fields' && problem.fields && problem.fields.length > 0) {
    return { ...fieldsWords(problem.fields, trans, label), details };
  }
  const value = (key: string): string => String(problem.values[key] ?? '?');
  const { advice, title } = SENTENCES[problem.code](value, trans);
  // Settings have names of their own, wherever they are read.
  const lines = (problem.fields ?? []).map(field =>
    fieldLine(field, trans, name => fieldLabel(name, trans))
  );
  return { title, advice: [advice, ...lines].join('\n'), details };
}

/** Wrong fields, one a line: `Time: "90" has no unit: write 90m, 2h or 48:00:00`. */
function fieldsWords(
  fields: readonly FieldProblem[],
  trans: Translator,
  label: (field: string) => string
): { title: string; advice: string } {
  const lines = fields.map(field => fieldLine(field, trans, label));
  return lines.length === 1
    ? { title: lines.join(''), advice: '' }
    : {
        title: trans._n('%1 field is not right.', '%1 fields are not right.', lines.length),
        advice: lines.join('\n')
      };
}

function fieldLine(
  field: FieldProblem,
  trans: Translator,
  label: (field: string) => string
): string {
  const words = fieldWords(field, trans);
  return field.field === '' ? words : trans.__('%1: %2', label(field.field), words);
}

const SENTENCES: Record<ProblemCode, Sentence> = {
  ...SUBMISSION_SENTENCES,
  ...JOB_SENTENCES,
  ...HOST_SENTENCES,
  ...CHECK_SENTENCES,
  ...SERVICE_SENTENCES
};
