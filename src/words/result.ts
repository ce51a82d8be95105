import type { JobRecord } from '../api/job';
import { formatBytes } from '../api/memory';
import type { LeftReason } from '../api/resultFiles';
import type { Translator } from '../api/translation';
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

/** What was left on the cluster, and why, in sentences; empty when nothing was, and while it is being fetched. */
export function leftWords({ result }: JobRecord, trans: Translator): string {
  if (result.place === 'fetching') {
    return '';
  }
  const { count, large, some } = result.left;
  const more = count - large.count - some.length;
  const named = [
    ...some.flatMap(({ path, reason }) =>
      reason === undefined ? [] : [`${path} (${leftReasonWords(reason, trans)})`]
    ),
    ...(more > 0 ? [trans._n('%1 more', '%1 more', more)] : [])
  ].join('; ');
  return [
    large.count > 0 &&
      trans._n(
        '%1 file of %2 was left on the cluster for its size.',
        '%1 files of %2 together were left on the cluster for their size.',
        large.count,
        formatBytes(large.bytes)
      ),
    named !== '' && trans.__('Left on the cluster: %1.', named)
  ]
    .filter(Boolean)
    .join(' ');
}

/** Why something was left on the cluster, in a few words. */
export function leftReasonWords(reason: LeftReason, trans: Translator): string {
  switch (reason) {
    case 'not-fetched':
      return trans.__('not fetched yet');
    case 'unreadable':
      return trans.__('its permissions do not let you read it');
    case 'gone':
      return trans.__('removed while it was fetched');
    case 'changed':
      return trans.__('changed while it was fetched');
    case 'broken':
      return trans.__('it could not be read there');
    case 'name':
      return trans.__('its name cannot be written on this machine');
    case 'unnamable':
      return trans.__(
        'its name is no UTF-8, or too long to ask for; it stays in the folder of the job, which is kept for it'
      );
    case 'no-links':
      return trans.__('a link, which cannot be made here');
    case 'link-target':
      return trans.__('a link to something that is not here');
    case 'link-broken':
      return trans.__('a link to nothing');
    case 'link-outside':
      return trans.__('a link out of the folder of the job');
    case 'special':
      return trans.__('a pipe, a socket or a device');
    case 'elsewhere':
      return trans.__('written above the work of the job; it stays in the folder of the job');
    case 'other':
      return trans.__('for a reason that this version has no words for');
    default:
      return reason satisfies never;
  }
}

/** How many outputs of cells are files, as they were too large for the notebook; empty when none are. */
export function outputWords({ result }: JobRecord, trans: Translator): string {
  const count = result.files.outputs + result.left.outputs;
  return count === 0
    ? ''
    : trans._n(
        '%1 output was too large for the notebook: the cell has a link to its file.',
        '%1 outputs were too large for the notebook: the cells have links to their files.',
        count
      );
}
