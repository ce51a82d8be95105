import type { Cluster } from '../../api/cluster';
import { type ProblemError, problem } from '../../api/problem';
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
  /** The way that job files take there and back; the same one, unless the cluster has a host for that. */
  files: Shell;
}

/** The way to a cluster, and what speaks its language. */
export function shellOf({ remoteOf }: Pick<Ways, 'remoteOf'>, cluster: Cluster): ClusterShell {
  const shell = { remote: remoteOf(cluster), variables: cluster.variables };
  const { host, transferHost, transport } = cluster;
  const isApart = host !== null && transferHost !== null && transferHost !== host;
  return {
    ...shell,
    scheduler: schedulers[cluster.scheduler],
    // What the batch system's commands need is of no use there.
    files: isApart ? { remote: remoteOf({ host: transferHost, transport }) } : shell
  };
}

/** Whether job files take another way than commands. */
export function isFilesApart({ files, remote }: ClusterShell): boolean {
  return files.remote !== remote;
}

/** The problem of a host for files where nothing of the cluster's base folder is. */
export function transferHostApart({ files, remote }: ClusterShell, folder: string): ProblemError {
  const [transferHost, host] = [files.remote.where, remote.where];
  const output = `what ${transferHost} has in ${folder} is not what ${host} has there`;
  return problem('transfer-host-apart', { transferHost, host, folder }, { details: { output } });
}
