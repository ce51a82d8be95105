import type { JobRecord } from '../../api/job';
import { neverStarts } from '../../api/waiting';
import {
  type Reader,
  bareStateWords,
  causeLine,
  causeWords,
  queueLine,
  stateLabel
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
      return more(bareStateWords(job, reader));
    case 'queued':
      return neverStarts(job.queue?.wait ?? null)
        ? { short: trans.__('will never start'), line: queueLine(job.queue, reader) }
        : more(queueLine(job.queue, reader));
    case 'running':
      return { short: cellWords(job, label, reader), line: '' };
    case 'finishing':
      return { short: bareStateWords(job, reader), line: '' };
    case 'succeeded':
      return { short: bareStateWords(job, reader), line: '' };
    case 'failed':
      return more(job.cause === null ? '' : causeLine(job.cause, trans));
    case 'timed-out':
      return more(timedOutLine(job, reader));
    case 'cancelled':
      return more(bareStateWords(job, reader));
    case 'lost':
      return more(
        job.cause === null ? bareStateWords(job, reader) : causeWords(job.cause, trans).title
      );
    default:
      return job.state satisfies never;
  }
}

function cellWords({ progress }: JobRecord, label: string, { trans }: Reader): string {
  const cell = progress?.cell ?? null;
  return cell === null ? label : trans.__('cell %1 of %2', cell.index, cell.total);
}

function timedOutLine(job: JobRecord, reader: Reader): string {
  const words = bareStateWords(job, reader);
  return job.result.place === 'none'
    ? words
    : reader.trans.__('%1; what was computed is kept', words);
}
