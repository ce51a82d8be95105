import { type JobRecord, isTerminal } from '../api/job';
import { momentWords } from './moment';
import { problemWords } from './problem';
import type { Reader } from './reader';

/** When the cluster was last heard of a job that is not over; empty while nothing is in the way. */
export function contactWords({ contact, state }: JobRecord, reader: Reader): string {
  const { trans } = reader;
  if (contact.problem === null || isTerminal(state)) {
    return '';
  }
  return contact.seenAt === null
    ? trans.__('not heard of yet')
    : trans.__('last seen %1', momentWords(contact.seenAt, reader));
}

/** The same, and what is in the way since; nothing while nothing is. */
export function contactLines(job: JobRecord, reader: Reader): string[] {
  const words = contactWords(job, reader);
  const { problem } = job.contact;
  return words === '' || problem === null
    ? []
    : [`${words} · ${problemWords(problem, reader.trans).title}`];
}
