import type { JobRecord } from '../job';
import { formatBytes } from '../memory';
import type { Translator } from '../translation';
import { problemWords } from './problem';

/** Where a job's result is, in a sentence; paths are written by `path`, so that a terminal can shorten them. */
export function resultWords(
  job: JobRecord,
  trans: Translator,
  path: (absolute: string) => string = absolute => absolute
): string {
  const { notebook, place, problem } = job.result;
  switch (place) {
    case 'pending':
      return trans.__('The result comes when the job is over.');
    case 'fetching':
      return trans.__('The result is being fetched.');
    case 'here':
      return notebook === null ? trans.__('The job left no notebook.') : path(notebook);
    case 'kept':
      return problem === null
        ? trans.__('The result is kept in %1.', path(job.directory))
        : trans.__(
            'The result is kept in %1, because: %2',
            path(job.directory),
            problemWords(problem, trans).title
          );
    case 'none':
      return trans.__('The job left no result.');
    default:
      return place satisfies never;
  }
}

/** The files that were left on the cluster for their size, in a sentence; empty when none were. */
export function leftWords({ result }: JobRecord, trans: Translator): string {
  const bytes = result.left.reduce((sum, file) => sum + file.bytes, 0);
  return result.left.length === 0
    ? ''
    : trans._n(
        '%1 file of %2 was left on the cluster for its size.',
        '%1 files of %2 together were left on the cluster for their size.',
        result.left.length,
        formatBytes(bytes)
      );
}
