import type { JobRecord } from '../api/job';
import { neverStarts } from '../api/waiting';
import { momentWords } from './moment';
import type { Reader } from './reader';
import { waitLine } from './waiting';

/** Why a job waits and until when, as far as its scheduler says: `waiting: other jobs go first, starts about 14:20`. */
export function queueWords(queue: JobRecord['queue'], reader: Reader): string {
  const { trans } = reader;
  const reason = queue === null ? '' : waitLine(queue, trans);
  const start = queue?.estimatedStart ?? null;
  if (neverStarts(queue?.wait ?? null)) {
    return trans.__('will never start as asked: %1', reason);
  }
  if (start === null) {
    return reason === '' ? trans.__('waiting') : trans.__('waiting: %1', reason);
  }
  const moment = momentWords(start, reader);
  return reason === ''
    ? trans.__('waiting, starts about %1', moment)
    : trans.__('waiting: %1, starts about %2', reason, moment);
}
