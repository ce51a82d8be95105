/**
 * Why a job waits, as far as schedulers say it: a closed table of codes, and whether it starts by itself or, as it was
 * asked for, never. Each scheduler has a word of its own for these; src/schedulers translates it.
 */
export const WAITS = {
  turn: 'starts',
  'other-jobs': 'starts',
  'free-nodes': 'starts',
  'nodes-starting': 'starts',
  preparing: 'starts',
  'start-time': 'starts',
  'another-job': 'starts',
  licenses: 'starts',
  reservation: 'starts',
  maintenance: 'starts',
  'nodes-unavailable': 'starts',
  'queue-closed': 'starts',
  'your-limit': 'starts',
  'group-limit': 'starts',
  'budget-spent': 'starts',
  'held-by-you': 'starts',
  'held-by-administrator': 'starts',
  'held-after-failures': 'starts',
  'too-long': 'never',
  'too-many-nodes': 'never',
  'too-much-memory': 'never',
  'too-large': 'never',
  'too-small': 'never',
  'no-such-nodes': 'never',
  'wrong-account': 'never',
  'wrong-qos': 'never',
  'reservation-gone': 'never',
  'another-job-failed': 'never',
  'deadline-passed': 'never'
} as const satisfies Record<string, 'starts' | 'never'>;

export type Wait = keyof typeof WAITS;

export const WAIT_CODES = Object.keys(WAITS) as [Wait, ...Wait[]];

/** Whether a job that waits for this never starts as it was asked for. */
export function neverStarts(wait: Wait | null): boolean {
  return wait !== null && WAITS[wait] === 'never';
}
