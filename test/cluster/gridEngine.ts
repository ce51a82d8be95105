import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { BatchSystem } from './batchSystem';
import {
  type Logins,
  clusterOf,
  loginsOf,
  runCluster,
  runClusterMeanwhile,
  runOfCluster,
  whyNoUsers,
  whyNot
} from './testCluster';
import type { Cluster } from './wholeJobs';

const START = ['start', '--scheduler', 'sge'];

/** A real Grid Engine; its daemons are `qmaster`, `execd-gx1` to `execd-gx4` with all that runs there, and `sshd`. */
export interface GridEngine extends BatchSystem, Cluster {
  stop(...daemons: string[]): void;
  /** Runs a command of its manager where qmaster is, such as `qconf -ds gxm`. */
  administer(...argv: string[]): void;
}

/**
 * Starts it, or takes the one that runs.
 *
 * @param file The path of the file of tests, which has it for itself: `__filename`.
 */
export function startGridEngine(file: string): GridEngine {
  clusterOf(file);
  const start = (): string => runCluster(...START);
  const logins = loginsOf(start());
  const probes = { made: 0 };
  return {
    ...logins,
    loginShellHost: 'sge-login-path',
    submits: {
      program: path.join(logins.folder, 'sge/bin/lx-amd64/qsub'),
      unheard:
        'Unable to run job: failed receiving gdi request response for mid=1 (got syncron message receive timeout error).'
    },
    taken: () => {
      probes.made += 1;
      return nextNumber(logins) - probes.made;
    },
    stop: (...daemons) => void runCluster('stop', ...daemons),
    start: () => void start(),
    administer: (...argv) => void runOfCluster('-m', 'dev.cluster.grid_engine.administer', ...argv),
    goAway: () => runClusterMeanwhile('stop', 'qmaster'),
    comeBack: () => runClusterMeanwhile(...START)
  };
}

/** The number of a job that is made to have it, and goes again: numbers have no gaps. */
function nextNumber({ host, sshConfig }: Logins): number {
  const probe = 'id=$(qsub -terse -h -b y true) && qdel "$id" >&2 && echo "$id"';
  const said = execFileSync('ssh', ['-q', '-F', sshConfig, host, probe], { encoding: 'utf8' });
  return Number(said);
}

/** Why none can be started here; null when it can. */
export function whyNoGridEngine(): string | null {
  return (
    whyNot(
      'sge_qmaster sge_execd qsub mail sshd ssh ip unshare',
      'gridengine-master gridengine-exec gridengine-client mailutils openssh-server openssh-client iproute2'
    ) ?? whyNoUsers()
  );
}
