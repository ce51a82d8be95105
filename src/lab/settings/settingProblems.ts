import type { Problem } from '../../api/problem';
import type { Translator } from '../../api/translation';
import { fieldWords, problemWords } from '../../words';
import { settingLabel } from './settingLabel';
import type { IClusters } from '../tokens';

/** What is wrong with the settings, a sentence for each field: `Submit to cluster: cluster hpc: Time: "90" has no unit…`. */
export function settingProblems(
  { choices, problem }: Pick<IClusters, 'choices' | 'problem'>,
  trans: Translator
): string[] {
  const ofAll = problem?.code === 'settings-invalid' ? sentences(problem, trans) : [];
  const ofClusters = choices.flatMap(({ name, problem: why }) =>
    why === null ? [] : sentences(why, trans, name)
  );
  return [...ofAll, ...ofClusters].map(sentence => trans.__('Submit to cluster: %1', sentence));
}

/** A problem, a sentence for each field. The sentence of one that has no fields says itself which `cluster` it is about. */
function sentences(problem: Problem, trans: Translator, cluster?: string): string[] {
  const { fields = [] } = problem;
  if (fields.length === 0) {
    return [problemWords(problem, trans).title];
  }
  return fields.map(field => {
    const label = settingLabel(field.field, trans);
    const words = fieldWords(field, trans);
    return cluster === undefined
      ? trans.__('%1: %2', label, words)
      : trans.__('cluster %1: %2: %3', cluster, label, words);
  });
}
