import type { Cluster } from '../../api/cluster';
import { schedulers } from '../../schedulers';
import type { Scheduler } from '../../schedulers/scheduler';
import type { Faults } from '../process/faults';
import type { Remote } from '../remote/remote';
import type { Reached } from '../remote/remotes';
import type { Shell } from '../remote/script';

/** The ways to all clusters. */
export interface Ways {
  faults: Faults;
  /** The way to a cluster. */
  remoteOf: (cluster: Reached) => Remote;
}

/** The way to a cluster, and what speaks its language. */
export function shellOf(
  { faults, remoteOf }: Ways,
  cluster: Cluster
): Shell & { scheduler: Scheduler } {
  return {
    remote: remoteOf(cluster),
    faults,
    variables: cluster.variables,
    scheduler: schedulers[cluster.scheduler]
  };
}
