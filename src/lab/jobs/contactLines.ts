import type { JobRecord } from '../../api/job';
import { type Reader, contactWords, problemWords } from '../../api/words';

/** When a job was last heard of and what is in the way since, where something is. */
export function contactLines(job: JobRecord, reader: Reader): string[] {
  const words = contactWords(job, reader);
  const { problem } = job.contact;
  return words === '' || problem === null
    ? []
    : [`${words} · ${problemWords(problem, reader.trans).title}`];
}
