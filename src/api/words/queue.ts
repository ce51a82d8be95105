import type { JobRecord } from '../job';
import { momentWords } from './moment';
import type { Reader } from './reader';

/** Why a job waits and until when, as far as its scheduler says: `waiting: Priority, starts about 14:20`. */
export function queueWords(queue: JobRecord['queue'], reader: Reader): string {
  const { trans } = reader;
  const reason = queue?.reason ?? null;
  const start = queue?.estimatedStart ?? null;
  if (start === null) {
    return reason === null ? trans.__('waiting') : trans.__('waiting: %1', reason);
  }
  const moment = momentWords(start, reader);
  return reason === null
    ? trans.__('waiting, starts about %1', moment)
    : trans.__('waiting: %1, starts about %2', reason, moment);
}
