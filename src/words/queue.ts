import type { JobRecord } from '../api/job';
import { neverStarts } from '../api/waiting';
import { momentWords } from './moment';
import type { Reader } from './reader';
import { waitLine } from './waiting';

/** Why a job waits, and until when, in a line of its own: `other jobs go first · starts about 14:20`; empty where nobody says. */
export function queueLine(queue: JobRecord['queue'], reader: Reader): string {
  const reason = queue === null ? '' : waitLine(queue, reader.trans);
  const start = startWords(queue, reader);
  return [reason, start].filter(part => part !== '').join(' \u00b7 ');
}

/** The same behind the state: `waiting: other jobs go first, starts about 14:20`. */
export function queueWords(queue: JobRecord['queue'], reader: Reader): string {
  const { trans } = reader;
  const reason = queue === null ? '' : waitLine(queue, trans);
  if (neverStarts(queue?.wait ?? null)) {
    return trans.__('will never start as asked: %1', reason);
  }
  const state = reason === '' ? trans.__('waiting') : trans.__('waiting: %1', reason);
  const start = startWords(queue, reader);
  return start === '' ? state : trans.__('%1, %2', state, start);
}

/** When it starts, as far as its scheduler says. */
function startWords(queue: JobRecord['queue'], reader: Reader): string {
  const { trans } = reader;
  const start = queue?.estimatedStart ?? null;
  return start === null || neverStarts(queue?.wait ?? null)
    ? ''
    : trans.__('starts about %1', momentWords(start, reader));
}
