import type { Client } from '../api/client';
import { problem } from '../api/problem';
import type { JobRecord } from '../api/job';
import { UsageError } from './usageError';

/** The job that an id means, which may be cut to what no other job's id begins with. */
export async function findJob(client: Client, id: string): Promise<JobRecord> {
  const { jobs, unreadable } = await client.list();
  const found = jobs.filter(job => job.id.startsWith(id.toLowerCase()));
  const [only, ...others] = found;
  if (only === undefined || id === '') {
    const unread = unreadable.find(other => id !== '' && other.startsWith(id.toLowerCase()));
    throw unread === undefined
      ? problem('no-such-job', { id })
      : problem('job-unreadable', { id: unread });
  }
  if (others.length > 0) {
    throw new UsageError(
      `${found.length} jobs begin with ${id}: ${found
        .map(job => job.id)
        .slice(0, 8)
        .join(', ')}.`,
      'Write more of the id.'
    );
  }
  return only;
}
