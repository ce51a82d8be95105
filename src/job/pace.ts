import type { QueuePace } from '../schedulers/scheduler';

/** Who looks at a job: its own view or a terminal that follows it, some page with the list, or nobody. */
export type Attention = 'close' | 'list' | 'none';

/**
 * Seconds until the state files of a cluster's jobs are looked at again. While somebody looks, a tenth of the
 * youngest job's age, so that looking adds no more than a tenth to the time to a result.
 */
export function filesInterval(youngestAgeSeconds: number, attention: Attention): number {
  const tenth = Math.min(30, Math.max(2, youngestAgeSeconds / 10));
  switch (attention) {
    case 'close':
      return Math.min(3, tenth);
    case 'list':
      return tenth;
    case 'none':
      return 30;
  }
}

/**
 * Seconds until the queue is asked again: a tenth of the youngest job's age, within the scheduler's pace.
 *
 * @param leastSeconds What the cluster's settings have as the least; 0: nothing.
 */
export function queueInterval(
  youngestAgeSeconds: number,
  { firstSeconds, longestSeconds }: QueuePace,
  leastSeconds: number
): number {
  const usual = Math.min(longestSeconds, Math.max(firstSeconds, youngestAgeSeconds / 10));
  return Math.max(leastSeconds, usual);
}

/** Seconds to wait after the n-th failure in a row (from 1): doubling from 5 s to 5 minutes. */
export function retryInterval(failures: number): number {
  return Math.min(300, 5 * 2 ** (failures - 1));
}
