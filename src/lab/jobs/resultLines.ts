import { type JobRecord, isTerminal } from '../../api/job';
import type { Translator } from '../../api/translation';
import { leftWords, outputWords, problemWords, resultWords } from '../../words';

/**
 * What a row says about the result of a job that is over; nothing where a button says it all.
 *
 * @param path The result as a path of Jupyter's contents; null when this server does not show it, undefined while that
 * is not known.
 */
export function resultLines(
  job: JobRecord,
  path: string | null | undefined,
  trans: Translator
): string[] {
  return isTerminal(job.state)
    ? [
        whereLine(job, path, trans),
        trouble(job, trans),
        leftWords(job, trans),
        outputWords(job, trans)
      ].filter(line => line !== '')
    : [];
}

function whereLine(job: JobRecord, path: string | null | undefined, trans: Translator): string {
  const { notebook, place } = job.result;
  const words = resultWords(job, trans);
  switch (place) {
    case 'fetching':
    case 'kept':
      return words;
    case 'here':
      if (notebook === null) {
        return words;
      }
      // A button opens what this server shows; where it lies is said when it does not lie beside its notebook.
      return path === null || job.resultsFolder !== undefined ? trans.__('Result: %1', words) : '';
    case 'none':
      // Whoever was refused, or cancelled, waits for none.
      return job.state === 'succeeded' || job.state === 'timed-out' ? words : '';
    case 'pending':
      return '';
    default:
      return place satisfies never;
  }
}

/** What stood in the way of a part of the result; the sentence for a kept one names it itself. */
function trouble({ result }: JobRecord, trans: Translator): string {
  return result.problem === null || result.place === 'kept'
    ? ''
    : problemWords(result.problem, trans).title;
}
