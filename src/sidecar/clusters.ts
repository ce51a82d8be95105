import { availableParallelism, homedir } from 'node:os';
import * as v from 'valibot';
import { Cluster, type RemoteName, THIS_MACHINE } from '../api/cluster';
import { fieldProblems } from '../api/field';
import { problem } from '../api/problem';
import type { Caller, ClusterChoice, ClustersAnswer } from '../api/routes';
import { schedulers } from '../schedulers';
import { fieldsFor } from './fields';
import { local } from './remote/local';
import type { Remote } from './remote/remote';

/** How each kind of cluster is reached. */
const REMOTES = { local } satisfies Record<RemoteName, Remote>;

/** The cluster that is always there: the machine that the sidecar runs on. `python` is Jupyter's own. */
export function thisMachine(python: string, home: string = homedir()): Cluster {
  return {
    name: THIS_MACHINE,
    title: 'This machine',
    remote: 'local',
    scheduler: 'local',
    baseFolder: `${home.replace(/\/+$/, '')}/.jupyterlab-submit`,
    python,
    kernel: 'notebook',
    environment: []
  };
}

/** The clusters that a caller can choose from. */
export function clustersOf(caller: Caller): ClustersAnswer {
  const cluster = thisMachine(caller.python);
  const choice: ClusterChoice = {
    name: cluster.name,
    title: cluster.title,
    cluster,
    problem: null,
    defaults: {},
    fields: fieldsFor(schedulers[cluster.scheduler]),
    cores: availableParallelism()
  };
  return { clusters: [choice], problem: null };
}

/** The cluster of this name, checked; throws the problem `unknown-cluster`. */
export function resolveCluster(name: string, caller: Caller): Cluster {
  const found = clustersOf(caller).clusters.find(choice => choice.name === name)?.cluster;
  if (!found) {
    throw problem('unknown-cluster', { cluster: name });
  }
  const read = v.safeParse(Cluster, found);
  if (!read.success) {
    throw problem('invalid-fields', {}, { fields: fieldProblems(read.issues) });
  }
  return read.output;
}

/** The way to a cluster. */
export function remoteOf(cluster: Cluster): Remote {
  return REMOTES[cluster.remote];
}
