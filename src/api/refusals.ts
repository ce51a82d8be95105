/**
 * Why a scheduler did not take a job, as far as its answer tells: a closed table of codes. Each scheduler's own text is
 * sorted into it in src/schedulers.
 */
export const REFUSALS = [
  'queue',
  'queue-not-allowed',
  'account',
  'qos',
  'time',
  'time-missing',
  'nodes',
  'node-names',
  'cores',
  'memory',
  'gpus',
  'constraint',
  'reservation',
  'licenses',
  'node-size',
  'parallel-environment',
  'no-queue-fits',
  'not-allowed',
  'limits',
  'directives',
  'script',
  'busy',
  'unreachable',
  'no-command'
] as const;

export type Refusal = (typeof REFUSALS)[number];
