import type { JobRecord } from '../../api/job';
import { type Reader, durationWords, engineWords } from '../../words';

/** How far a job is. */
export interface Progress {
  /** Of the bar, from 0 to 1: by cells, or by engines while they start. */
  share: number;
  /** The same in words, for those who do not see the bar. */
  said: string;
  /** How long the current cell has taken; empty while that is not worth a word. */
  inCell: string;
  /** How long the job has taken, of the time that it was given. */
  elapsed: string;
}

/** Seconds in one cell that are not worth a word. */
const SOON = 3;

/** How far a job is that runs, or starts its engines; null for all others. */
export function progressOf(job: JobRecord, reader: Reader): Progress | null {
  const { progress, startedAt, state } = job;
  const { now, trans } = reader;
  const limit = durationWords(job.spec.timeSeconds, trans);
  const elapsed =
    startedAt === null
      ? trans.__('at most %1', limit)
      : trans.__('%1 of %2', durationWords(now - startedAt, trans), limit);
  const cell = progress?.cell ?? null;
  if (state === 'running') {
    return cell === null
      ? { share: 0, said: trans.__('before the first cell'), inCell: '', elapsed }
      : {
          share: cell.total === 0 ? 0 : (cell.index - 1) / cell.total,
          said: trans.__('cell %1 of %2', cell.index, cell.total),
          inCell: inCell(now - cell.startedAt, reader),
          elapsed
        };
  }
  const wanted = progress?.engines.wanted ?? 0;
  return state === 'starting' && progress !== null && wanted > 0
    ? { share: progress.engines.ready / wanted, said: engineWords(job, trans), inCell: '', elapsed }
    : null;
}

function inCell(seconds: number, { trans }: Reader): string {
  return seconds < SOON ? '' : trans.__('%1 in this cell', durationWords(seconds, trans));
}
