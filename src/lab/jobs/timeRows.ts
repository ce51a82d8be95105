import type { JobRecord } from '../../api/job';
import { type Reader, momentWords } from '../../words';

/** One line of *What happened when*. */
export interface TimeRow {
  label: string;
  value: string;
}

/** What happened when, and where to look for it: only what is known. */
export function timeRows(job: JobRecord, reader: Reader): TimeRow[] {
  const { trans } = reader;
  const rows: [label: string, value: string | number | null][] = [
    [trans.__('Submitted'), job.submittedAt ?? job.createdAt],
    [trans.__('Started'), job.startedAt],
    [trans.__('Asked to end'), job.cancelRequestedAt],
    [trans.__('Ended'), job.endedAt],
    [trans.__('Last seen'), job.contact.seenAt],
    [trans.__('Waits for'), job.queue?.reason ?? null],
    [trans.__('Cluster'), job.cluster.title],
    [trans.__('Id there'), job.schedulerId],
    [trans.__('Job id'), job.id],
    [trans.__('Notebook'), job.spec.notebook],
    [trans.__('Job directory'), job.directory]
  ];
  return rows.flatMap(([label, value]) =>
    value === null
      ? []
      : [{ label, value: typeof value === 'number' ? momentWords(value, reader) : value }]
  );
}
