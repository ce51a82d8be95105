import type { Problem } from '../api/problem';
import type { Translator } from '../api/translation';
import { fieldWords, problemWords } from '../api/words';
import { settingLabel } from './settingLabel';
import type { IClusters } from './tokens';

/** What is wrong with the settings, a sentence for each field: `Submit to cluster: cluster hpc: Time: "90" has no unit…`. */
export function settingProblems(
  { choices, problem }: Pick<IClusters, 'choices' | 'problem'>,
  trans: Translator
): string[] {
  const ofAll = problem?.code === 'settings-invalid' ? sentences(problem, trans) : [];
  const ofClusters = choices.flatMap(choice =>
    choice.problem === null
      ? []
      : sentences(choice.problem, trans).map(sentence =>
          trans.__('cluster %1: %2', choice.name, sentence)
        )
  );
  return [...ofAll, ...ofClusters].map(sentence => trans.__('Submit to cluster: %1', sentence));
}

function sentences(problem: Problem, trans: Translator): string[] {
  const { fields = [] } = problem;
  return fields.length === 0
    ? [problemWords(problem, trans).title]
    : fields.map(field =>
        trans.__('%1: %2', settingLabel(field.field, trans), fieldWords(field, trans))
      );
}
