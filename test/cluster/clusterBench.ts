import { afterAll, beforeAll } from 'vitest';
import type { Client } from '../../src/api/client';
import { PYTHON } from '../jobs/bundle';
import { Bench } from '../jobs/harness';
import { clientAt } from '../jobs/sharedSidecar';
import { type TestCluster, clusterOf, startCluster, stopCluster } from './testCluster';

/** A test cluster, a sidecar, and a client of somebody who can submit jobs there. */
export interface ClusterBench {
  cluster: TestCluster;
  bench: Bench;
  client: Client;
}

/** How the cluster is started and reached. */
export interface ClusterBenchOptions {
  /** Of `run.py cluster start`, such as `--accounting`. */
  start?: string[];
  /** Over SSH, each host as a cluster of its own; else where Slurm is at hand, as the cluster `hpc`. */
  overSsh?: boolean;
  /** What its hosts have for a file of their site. */
  siteFile?: string;
}

/**
 * Starts them before the tests here, and ends them afterwards; gives what gives them.
 *
 * @param file The path of the file of tests: `__filename`.
 * @param reason Why there can be none; nothing is started then.
 */
export function clusterBench(
  file: string,
  reason: string | null,
  { start = [], overSsh = false, siteFile }: ClusterBenchOptions = {}
): () => ClusterBench {
  let made: ClusterBench | null = null;
  beforeAll(async () => {
    if (reason === null) {
      clusterOf(file);
      const cluster = startCluster(...start);
      const bench = await Bench.start({
        variables: {
          ...(overSsh
            ? { JUPYTERLAB_SUBMIT_SSH_CONFIG: cluster.sshConfig }
            : { SLURM_CONF: cluster.slurmConf }),
          ...(siteFile !== undefined && { JUPYTERLAB_SUBMIT_SITE_FILE: siteFile })
        }
      });
      const client = clientAt(bench.socket, bench.environment, overSsh ? {} : AT_HAND);
      made = { cluster, bench, client };
    }
  });
  afterAll(async () => {
    if (made !== null) {
      await made.bench.stop();
      stopCluster();
    }
  });
  return () => {
    if (made === null) {
      throw new Error('There is no cluster outside of tests.');
    }
    return made;
  };
}

/** Settings of a cluster where Slurm is at hand. */
export const AT_HAND = {
  clusters: [{ name: 'hpc', scheduler: 'slurm', python: PYTHON, defaults: { time: '5m' } }]
};
