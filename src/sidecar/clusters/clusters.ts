import { availableParallelism, hostname } from 'node:os';
import { THIS_MACHINE } from '../../api/cluster';
import type { Caller, ClusterChoice, ClustersAnswer } from '../../api/routes';
import { type NamedCluster, type Settings, readSettings } from '../../api/settings';
import { choiceOf, farChoice, nearChoice } from './clusterChoice';
import type { Behalf } from '../remote/asker';
import { shipped } from '../../profiles/shipped';
import type { Hosts } from './hosts';
import { thisMachine } from './thisMachine';

/** What clusters are chosen from, beside the settings. */
export interface ClusterSources {
  hosts: Hosts;
  /** The hosts that the person's SSH configuration names. */
  configuredHosts: () => readonly string[];
}

/**
 * The clusters that a caller can choose from: those of the settings, in their order, the other hosts of the SSH
 * configuration, and This machine. Nothing is contacted.
 */
export function clustersOf(caller: Caller, sources: ClusterSources): ClustersAnswer {
  const settings = readSettings(caller.settings);
  return {
    clusters: [
      ...namedClusters(settings, sources).map(named => choose(named, caller, settings, sources)),
      choiceOf(thisMachine(caller.python, settings.jobsAtOnce), {
        defaults: { ...settings.usual, ...settings.defaults },
        cores: availableParallelism()
      })
    ],
    problem: settings.problem
  };
}

/**
 * A cluster as it can be chosen by a name, with everything that is to be known of it: a host that nobody has been on
 * yet is asked. Undefined when nothing has this name.
 *
 * @param behalf For whom its host is reached.
 * @throws ProblemError when the host cannot be reached, or has no batch system.
 */
export async function reachCluster(
  name: string,
  caller: Caller,
  sources: ClusterSources,
  behalf: Behalf
): Promise<ClusterChoice | undefined> {
  const settings = readSettings(caller.settings);
  const named = namedClusters(settings, sources).find(cluster => cluster.name === name);
  if (named === undefined || named.host === null || named.settings === null) {
    return clustersOf(caller, sources).clusters.find(choice => choice.name === name);
  }
  const known = choose(named, caller, settings, sources);
  if (behalf === 'nobody' && (known.cluster !== null || known.problem !== null)) {
    return known;
  }
  if (known.problem !== null) {
    // Something may have been put right since then.
    sources.hosts.forget(named.host);
  }
  const { transferHost, transport } = named.settings;
  await sources.hosts.find(named.host, behalf, transport, transferHost);
  return choose(named, caller, settings, sources);
}

function choose(
  named: NamedCluster,
  { environment = {}, python }: Caller,
  { defaults, jobsAtOnce, profiles: administrators, usual }: Settings,
  { hosts }: ClusterSources
): ClusterChoice {
  const { host } = named;
  const known = { administrators, shipped, cluster: null };
  return host === null
    ? nearChoice(named, {
        here: thisMachine(python, jobsAtOnce),
        environment,
        profiled: { usual, defaults, profiles: known, hostName: hostname() }
      })
    : farChoice(
        { ...named, host },
        { usual, defaults, profiles: known, hostName: hosts.nameFor(host) },
        hosts.known(host)
      );
}

/** All that has a name of its own; what the settings say of a name counts before the SSH configuration. */
function namedClusters(
  { clusters }: Settings,
  { configuredHosts }: ClusterSources
): NamedCluster[] {
  const taken = new Set([THIS_MACHINE, ...clusters.map(({ name }) => name)]);
  return [
    ...clusters,
    ...configuredHosts()
      .filter(host => !taken.has(host))
      .map(ofConfiguration)
  ];
}

function ofConfiguration(host: string): NamedCluster {
  return {
    name: host,
    title: host,
    host,
    settings: { name: host, host, environment: [], defaults: {} },
    wrong: []
  };
}
