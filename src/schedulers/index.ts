import type { SchedulerName } from '../api/cluster';
import { gridEngine } from './gridEngine/gridEngine';
import { local } from './local';
import type { Scheduler } from './scheduler';
import { slurm } from './slurm/slurm';

/** Every batch system by its name. */
export const schedulers = { local, slurm, gridengine: gridEngine } satisfies Record<
  SchedulerName,
  Scheduler
>;
