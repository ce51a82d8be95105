import type { Cluster } from '../../api/cluster';
import type { TransportChoice } from '../../api/transport';
import { schedulers } from '../../schedulers';
import type { Scheduler } from '../../schedulers/scheduler';
import type { Reached, Remote } from '../remote/remote';
import type { Shell } from '../remote/script';

/** The ways to all clusters. */
export interface Ways {
  /** The way to a cluster. */
  remoteOf: (cluster: Reached) => Remote;
  /** What the last connection to a cluster was made with, and why; null where there was none. */
  transportOf: (cluster: Reached) => TransportChoice | null;
}

/** The way to a cluster, and what speaks its language. */
export interface ClusterShell extends Shell {
  scheduler: Scheduler;
}

/** The way to a cluster, and what speaks its language. */
export function shellOf({ remoteOf }: Pick<Ways, 'remoteOf'>, cluster: Cluster): ClusterShell {
  return {
    remote: remoteOf(cluster),
    variables: cluster.variables,
    scheduler: schedulers[cluster.scheduler]
  };
}
