import type { Cluster, RemoteName } from '../api/cluster';
import type { Caller, ClustersAnswer } from '../api/routes';
import { readSettings } from '../api/settings';
import { choiceOf, namedChoice } from './clusterChoice';
import { local } from './remote/local';
import type { Remote } from './remote/remote';
import { thisMachine } from './thisMachine';

/** How each kind of cluster is reached. */
const REMOTES = { local } satisfies Record<RemoteName, Remote>;

/** The way to a cluster. */
export function remoteOf(cluster: Cluster): Remote {
  return REMOTES[cluster.remote];
}

/** The clusters that a caller can choose from: those of the settings, in their order, and This machine. */
export function clustersOf({ python, settings }: Caller): ClustersAnswer {
  const { clusters, defaults, problem } = readSettings(settings);
  const here = thisMachine(python);
  return {
    clusters: [
      ...clusters.map(named => namedChoice(named, here, defaults)),
      choiceOf(here, defaults)
    ],
    problem
  };
}
