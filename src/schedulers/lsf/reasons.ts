import type { Wait } from '../../api/waiting';

/** What bjobs says of a job that waits (lsb/reason.c of OpenLava, and what newer ones were seen to print), the first that fits counts. */
const WAITS: readonly [RegExp, Wait][] = [
  [/suspended by (?:the )?user while pending/, 'held-by-you'],
  [/suspended by LSF admin or root while pending/, 'held-by-administrator'],
  [/has a specified start time/, 'start-time'],
  [/Dependency condition invalid or never satisfied/i, 'another-job-failed'],
  [/dependency condition not satisfied/i, 'another-job'],
  [/queue is inactivated|queue's run window|Dispatch windows? closed/, 'queue-closed'],
  [/user'?s?'? groups? (?:has|have)|User group's/i, 'group-limit'],
  [
    /user has (?:reached|not enough)|per-user job slot|User's per-CPU|limit.*defined on user/i,
    'your-limit'
  ],
  [
    /reserving resource|Not enough (?:job )?slots?|Not enough (?:processors|hosts)\b/i,
    'free-nodes'
  ],
  [/job slot limit reached|has reached its job slot limit|not enough job slots/i, 'free-nodes']
];

/** Our code for it; null where it is none of those that we know. */
export function waitOf(reason: string): Wait | null {
  return WAITS.find(([pattern]) => pattern.test(reason))?.[1] ?? null;
}
