import { type JobRecord, isTerminal } from '../../api/job';
import type { Translator } from '../../api/translation';
import { type Explanation, causeWords, problemWords, waitWords } from '../../words';

/** What *Why?* opens: why a job does not start, why it ended as it did, why its result is not here, why it is not heard of. */
export function reasons(job: JobRecord, trans: Translator): Explanation[] {
  const { cause, contact, result, state } = job;
  const isTold = state === 'failed' || state === 'timed-out' || state === 'lost';
  return [
    waitWords(job, trans),
    cause !== null && isTold && withMissed(causeWords(cause, trans), job, trans),
    result.problem !== null && problemWords(result.problem, trans),
    contact.problem !== null && !isTerminal(state) && problemWords(contact.problem, trans)
  ].filter(reason => reason !== null && reason !== false);
}

/** Says again what was not taken along, where a cell asked for it in vain. */
function withMissed(
  explanation: Explanation,
  { cause, notTaken }: JobRecord,
  trans: Translator
): Explanation {
  return cause?.code === 'cell-error' && cause.ename === 'FileNotFoundError' && notTaken.length > 0
    ? {
        ...explanation,
        advice: [
          explanation.advice,
          ...notTaken.map(literal => trans.__('Not taken along: %1', literal))
        ].join('\n')
      }
    : explanation;
}
