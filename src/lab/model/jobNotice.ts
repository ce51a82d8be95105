import type { JobRecord } from '../../api/job';
import { type Reader, resultWords, stateWords } from '../../words';

/** How a person is told that a job has ended. */
export interface JobNotice {
  message: string;
  type: 'success' | 'info' | 'warning' | 'error';
  /** Whether there is an executed notebook here. */
  hasResult: boolean;
}

/** What is said when a job has ended, and its result is where it stays. */
export function jobNotice(job: JobRecord, reader: Reader): JobNotice {
  const { trans } = reader;
  const { notebook, place } = job.result;
  const line = trans.__('%1: %2', job.spec.name, stateWords(job, reader));
  return {
    message: place === 'kept' ? trans.__('%1. %2', line, resultWords(job, trans)) : line,
    type: typeOf(job),
    hasResult: place === 'here' && notebook !== null
  };
}

function typeOf({ cause, result, state }: JobRecord): JobNotice['type'] {
  switch (state) {
    case 'succeeded':
      return result.place === 'here' ? 'success' : 'warning';
    case 'cancelled':
      return cause?.code === 'cancelled' && cause.by === 'you' ? 'info' : 'warning';
    case 'timed-out':
      return 'warning';
    default:
      return 'error';
  }
}
