import type { Cluster } from '../../api/cluster';
import { schedulers } from '../../schedulers';

/** A place where jobs run. */
export type Site = Pick<Cluster, 'host' | 'scheduler' | 'variables'>;

/**
 * The same text for the same site: what makes a cluster the same place, whatever it is called: its host, its batch system, and the variables that choose
 * among several of these (SLURM_CONF, say). Clusters of one site are watched and swept together; of two they never are,
 * even if a setting that was edited meanwhile gives both one name. PATH chooses nothing, as it differs between terminals.
 */
export function siteKey({ host, scheduler, variables }: Site): string {
  const choosing = schedulers[scheduler].variables.map(name => variables[name] ?? null);
  return JSON.stringify([host, scheduler, ...choosing]);
}
