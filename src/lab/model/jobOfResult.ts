import type { JobRecord } from '../../api/job';
import type { ContentsPath } from '../../api/paths';
import type { Translator } from '../../api/translation';
import { stateLabel } from '../../words';
import type { IJobs } from '../tokens';

/** The job whose result lies at this path of Jupyter's contents; null when it is no result, or its job was removed. */
export function jobOfResult(
  jobs: Pick<IJobs, 'list' | 'contentsPath'>,
  path: ContentsPath
): JobRecord | null {
  const ending = `/${path.split('/').at(-1) ?? ''}`;
  const isHere = (file: string): boolean => {
    if (!file.endsWith(ending)) {
      return false;
    }
    // A name with a job's id is taken for its result while the server has not said where that lies.
    const known = jobs.contentsPath(file);
    return known === path || known === undefined;
  };
  return (
    jobs.list.find(({ result }) => result.notebook !== null && isHere(result.notebook)) ?? null
  );
}

/** How a job ended, and when, as somebody reads it who opens its result years later: `done, 2 Jan 2026, 13:00`. */
export function endWords({ endedAt, state }: JobRecord, trans: Translator): string {
  const label = stateLabel(state, trans);
  const moment = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return endedAt === null
    ? label
    : trans.__('%1, %2', label, new Date(endedAt * 1000).toLocaleString(undefined, moment));
}
