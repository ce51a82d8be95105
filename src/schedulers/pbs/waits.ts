import type { Wait } from '../../api/waiting';

/** Our code for why a job waits; null where nothing says it, or in words that we do not know. */
export function waitOf(state: string, values: ReadonlyMap<string, string>): Wait | null {
  const comment = values.get('comment') ?? '';
  if (state === 'W') {
    return 'start-time';
  }
  if (state === 'H') {
    return heldBy(comment, values);
  }
  const { 1: prefix, 2: why = '' } = /^(Not Running|Can Never Run):? *(.*)$/s.exec(comment) ?? [];
  const never = prefix === 'Can Never Run';
  return prefix === undefined
    ? null
    : ((never ? NEVER : NOT_NOW).find(([words]) => words.test(why))?.[1] ?? null);
}

/** Whose hold it is: `u` the person's; of the others, one that came with a job before it, or with starts that failed, says so elsewhere. */
function heldBy(comment: string, values: ReadonlyMap<string, string>): Wait | null {
  if (/too many failed attempts/.test(comment)) {
    return 'held-after-failures';
  }
  const holds = values.get('Hold_Types') ?? '';
  if (holds.includes('u')) {
    return 'held-by-you';
  }
  if (values.has('depend')) {
    return 'another-job';
  }
  return /[os]/.test(holds) ? 'held-by-administrator' : null;
}

/** The scheduler's words (job_info.cpp of OpenPBS, whose older forms Torque's own scheduler has), the first that fits counts. */
const NOT_NOW: readonly [RegExp, Wait][] = [
  [/queue not started/i, 'queue-closed'],
  [/user .*limit|user has reached|limit reached for user|per-user/i, 'your-limit'],
  [
    /(?:group|project) .*limit|(?:Group|Project) has reached|job limit (?:has been )?reached|overall limit/,
    'group-limit'
  ],
  [/dedicated time/i, 'maintenance'],
  [/primetime/, 'start-time'],
  [/top job|strict sorted order|interfere with|preempt enough|reservation/, 'other-jobs'],
  [/ineligible state/, 'nodes-unavailable'],
  [/does not exist|ineligible type/, 'no-such-nodes'],
  [
    /Insufficient amount|Not enough|No available resources|too few free|node is in use/i,
    'free-nodes'
  ]
];

const NEVER: readonly [RegExp, Wait][] = [
  [/resource: walltime/, 'too-long'],
  [/resource: (?:p?v?mem)\b/, 'too-much-memory'],
  [/does not exist|ineligible type/, 'no-such-nodes'],
  [/Insufficient amount|Not enough|can't fit|won't fit|multi-node|limit/i, 'too-large']
];
