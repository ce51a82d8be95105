import type { JobRecord } from '../api/job';
import type { ProgressFile, StartedFile } from '../api/runFiles';
import type { Observation } from './observation';

/** How far a node's clock may be from ours, in seconds, before its word on a time counts no more. */
const MOST_APART = 120;

/**
 * A look with all times on our clock. What a node says of a time is believed where it can be: after the look before,
 * which did not show it yet, or else the submission; and before now, give or take two minutes. Otherwise it is now: a node's clock may be hours
 * off, or be set while a job runs. How long job and cell have run the runner counts itself.
 *
 * @param lookedAt when the look before was, in seconds since 1970; null where it is not known.
 */
export function onOurClock(
  { createdAt, submittedAt }: JobRecord,
  lookedAt: number | null,
  { exit, progress, started, ...rest }: Observation
): Observation {
  const earliest = (lookedAt ?? submittedAt ?? createdAt) - MOST_APART;
  const ours = (told: number): number =>
    told > rest.at + MOST_APART || told < earliest ? rest.at : told;
  return {
    ...rest,
    started: started && { ...started, startedAt: ours(started.startedAt) },
    progress: progress && progressAt(progress, ours(progress.at)),
    exit: exit && { ...exit, endedAt: ours(exit.endedAt) }
  };
}

function progressAt(told: ProgressFile, at: number): ProgressFile {
  const { cell } = told;
  return {
    ...told,
    at,
    cell: cell && {
      index: cell.index,
      total: cell.total,
      startedAt:
        cell.ranSeconds === undefined
          ? Math.max(0, Math.min(cell.startedAt + at - told.at, at))
          : Math.max(0, at - cell.ranSeconds)
    }
  };
}

/** When a job started: as its script says, unless the runner, which counts, has it much earlier or later. */
export function startOf(
  record: JobRecord,
  started: StartedFile | null,
  progress: ProgressFile | null
): number | null {
  const told = started?.startedAt ?? record.startedAt;
  const counted =
    progress?.ranSeconds === undefined ? null : Math.max(0, progress.at - progress.ranSeconds);
  return told === null || (counted !== null && Math.abs(told - counted) > MOST_APART)
    ? counted
    : told;
}
