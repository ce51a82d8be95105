import { clusterOf, loginsOf, runCluster, whyNoUsers, whyNot } from './testCluster';
import type { Cluster } from './wholeJobs';

/**
 * Starts a real Grid Engine, or takes the one that runs; its daemons are `qmaster`, `execd-gx1` to `execd-gx4` with all that runs there, and `sshd`.
 *
 * @param file The path of the file of tests, which has it for itself: `__filename`.
 */
export function startGridEngine(file: string): Cluster {
  clusterOf(file);
  const start = (): string => runCluster('start', '--scheduler', 'sge');
  return {
    ...loginsOf(start()),
    host: 'sge',
    loginShellHost: 'sge-login-path',
    stop: (...daemons) => void runCluster('stop', ...daemons),
    start: () => void start()
  };
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
