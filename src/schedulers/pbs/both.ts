import type { Scheduler } from '../scheduler';
import { limitsArgv, parseLimits } from './limits';
import { statusArgv } from './queue';
import { parseRefusal } from './refusals';

/** What PBS Pro and Torque have in common, which were one system once. */
export const BOTH = {
  supports: [
    'memoryPerCore',
    'nodes',
    'enginesPerNode',
    'coresPerEngine',
    'launcher',
    'queue',
    'account',
    'constraint',
    'gpusPerNode',
    'email',
    'directives'
  ],
  absence: { confirmSeconds: 30, filesSeconds: 180, meansKilled: false },
  queuePace: { firstSeconds: 15, longestSeconds: 60 },
  orders: [],
  idWord: '"$PBS_JOBID"',
  // The command line has everything.
  directives: () => [],
  parseRefusal,
  statusArgv,
  limits: { argv: limitsArgv(), parse: parseLimits }
} satisfies Partial<Scheduler>;
