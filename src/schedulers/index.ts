import type { SchedulerName } from '../api/cluster';
import { local } from './local';
import type { Scheduler } from './scheduler';

/** Every batch system by its name. */
export const schedulers = { local } satisfies Record<SchedulerName, Scheduler>;
