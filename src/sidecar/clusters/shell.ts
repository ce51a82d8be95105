import type { Cluster } from '../../api/cluster';
import { schedulers } from '../../schedulers';
import type { Scheduler } from '../../schedulers/scheduler';
import type { Reached, Remote } from '../remote/remote';
import type { Shell } from '../remote/script';

/** The ways to all clusters. */
export interface Ways {
  /** The way to a cluster. */
  remoteOf: (cluster: Reached) => Remote;
}

/** The way to a cluster, and what speaks its language. */
export interface ClusterShell extends Shell {
  scheduler: Scheduler;
}

/** The way to a cluster, and what speaks its language. */
export function shellOf({ remoteOf }: Ways, cluster: Cluster): ClusterShell {
  return {
    remote: remoteOf(cluster),
    variables: cluster.variables,
    scheduler: schedulers[cluster.scheduler]
  };
}
