import { type JobRecord, isTerminal } from '../../api/job';
import { problem } from '../../api/problem';
import type { FetchRequest } from '../../api/routes';
import type { CollectRequest } from './collect';

/**
 * What is to be fetched of a job that is over when a person asks for it: what comes by itself, or, where all of that is
 * here, everything that was left.
 *
 * @throws ProblemError `job-not-over`, `nothing-to-fetch`, `place-invalid`.
 */
export function fetchRequest(
  { id, isSwept, result, state }: JobRecord,
  { files, place }: FetchRequest
): CollectRequest {
  if (!isTerminal(state)) {
    throw problem('job-not-over', { id });
  }
  if (isSwept) {
    throw problem('nothing-to-fetch', { id });
  }
  const isAllHere = result.place === 'here' && result.left.unfetched === 0;
  return { place: placeOf(place), files: files ?? (isAllHere ? 'all' : null) };
}

/** The folder that a result is asked to go to; null: beside its source. */
function placeOf(folder: string | undefined): string | null {
  if (folder !== undefined && (!folder.startsWith('/') || folder.includes('\0'))) {
    throw problem('place-invalid', { folder });
  }
  return folder ?? null;
}
