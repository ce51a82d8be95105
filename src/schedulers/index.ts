import type { SchedulerName } from '../api/cluster';
import { local } from './local';
import type { Scheduler } from './scheduler';
import { slurm } from './slurm/slurm';

/** Every batch system by its name. */
export const schedulers = { local, slurm } satisfies Record<SchedulerName, Scheduler>;
