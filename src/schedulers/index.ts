import type { SchedulerName } from '../api/cluster';
import { gridEngine } from './gridEngine/gridEngine';
import { local } from './local';
import { lsf } from './lsf/lsf';
import { pbsPro } from './pbs/pbsPro';
import { torque } from './pbs/torque';
import type { Scheduler } from './scheduler';
import { slurm } from './slurm/slurm';

/** Every batch system by its name. */
export const schedulers = {
  local,
  slurm,
  gridengine: gridEngine,
  pbspro: pbsPro,
  torque,
  lsf
} satisfies Record<SchedulerName, Scheduler>;
