import type { JobRecord } from '../../api/job';
import { neverStarts } from '../../api/waiting';
import {
  type Reader,
  causeLine,
  causeWords,
  momentWords,
  stateLabel,
  stateWords,
  waitLine
} from '../../words';

/** The words for a job's state, by where they stand in its row. */
export interface RowWords {
  /** Beside the name, in a few words. */
  short: string;
  /** Below it, what else there is to say; empty when that is all. */
  line: string;
}

/** What a row says of its job's state; how far it is, progressOf tells. */
export function rowWords(job: JobRecord, reader: Reader): RowWords {
  const { trans } = reader;
  const words = wordsOfState(job, reader);
  return job.cancelRequestedAt !== null && isStoppable(job)
    ? { short: trans.__('being cancelled'), line: words.line }
    : words;
}

function isStoppable({ state }: JobRecord): boolean {
  return ['preparing', 'queued', 'starting', 'running'].includes(state);
}

function wordsOfState(job: JobRecord, reader: Reader): RowWords {
  const { trans } = reader;
  const label = stateLabel(job.state, trans);
  const more = (line: string): RowWords => ({ short: label, line: line === label ? '' : line });
  switch (job.state) {
    case 'preparing':
    case 'starting':
      return more(stateWords({ ...job, cancelRequestedAt: null }, reader));
    case 'queued':
      return neverStarts(job.queue?.wait ?? null)
        ? { short: trans.__('will never start'), line: queueLine(job, reader) }
        : more(queueLine(job, reader));
    case 'running':
      return { short: cellWords(job, label, reader), line: '' };
    case 'finishing':
      return { short: stateWords(job, reader), line: '' };
    case 'succeeded':
      return { short: verdict(job, reader), line: '' };
    case 'failed':
      return more(job.cause === null ? '' : causeLine(job.cause, trans));
    case 'timed-out':
      return more(timedOutLine(job, reader));
    case 'cancelled':
      return more(verdict(job, reader));
    case 'lost':
      return more(job.cause === null ? verdict(job, reader) : causeWords(job.cause, trans).title);
    default:
      return job.state satisfies never;
  }
}

/** The verdict alone, without where the result is: the row says that in a line of its own. */
function verdict(job: JobRecord, reader: Reader): string {
  return stateWords({ ...job, result: { ...job.result, place: 'none' } }, reader);
}

/** Why a job waits, and until when. */
function queueLine({ queue }: JobRecord, reader: Reader): string {
  const start = neverStarts(queue?.wait ?? null) ? null : (queue?.estimatedStart ?? null);
  return [
    queue === null ? '' : waitLine(queue, reader.trans),
    start === null ? '' : reader.trans.__('starts about %1', momentWords(start, reader))
  ]
    .filter(part => part !== '')
    .join(' · ');
}

function cellWords({ progress }: JobRecord, label: string, { trans }: Reader): string {
  const cell = progress?.cell ?? null;
  return cell === null ? label : trans.__('cell %1 of %2', cell.index, cell.total);
}

function timedOutLine(job: JobRecord, reader: Reader): string {
  const words = verdict(job, reader);
  return job.result.place === 'none'
    ? words
    : reader.trans.__('%1; what was computed is kept', words);
}
