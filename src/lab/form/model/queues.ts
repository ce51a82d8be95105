import type { Queue } from '../../../api/clusterCheck';
import type { Translator } from '../../../api/translation';
import { limitWords } from '../../../words';

/** The queues that a person can use, each with its limit, to choose from. */
export function queueChoices(
  queues: readonly Queue[],
  trans: Translator
): { value: string; note: string }[] {
  return queues
    .filter(({ isUsable }) => isUsable)
    .map(({ limitSeconds, name }) => ({
      value: name,
      note: limitSeconds === null ? '' : limitWords(limitSeconds, trans)
    }));
}
