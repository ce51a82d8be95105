import { type JobRecord, isTerminal } from '../../api/job';
import { formatBytes } from '../../api/memory';
import type { Problem } from '../../api/problem';
import type { Translator } from '../../api/translation';
import { problemWords } from '../../words';
import type { LogFollower } from './logFollower';

/** Why a log cannot be read, a line each. */
export function logProblemWords(problem: Problem, isOver: boolean, trans: Translator): string[] {
  if (problem.code === 'no-such-log') {
    return [isOver ? trans.__('The job wrote no such log.') : trans.__('Nothing yet.')];
  }
  const { advice, title } = problemWords(problem, trans);
  return [title, advice];
}

/** What there is to say about what is shown of a log. */
export function shownWords(
  { skippedBytes, text }: Pick<LogFollower, 'skippedBytes' | 'text'>,
  { cluster, directory, state }: JobRecord,
  trans: Translator
): string {
  if (text === '') {
    return isTerminal(state) ? trans.__('Empty.') : trans.__('Nothing yet.');
  }
  return skippedBytes === 0
    ? ''
    : trans.__(
        'The first %1 are not shown here. All of it is in the folder of the job: %2 on %3',
        formatBytes(skippedBytes),
        directory,
        cluster.title
      );
}
