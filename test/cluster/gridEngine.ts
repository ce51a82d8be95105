import { type Logins, clusterOf, loginsOf, runCluster, whyNoUsers, whyNot } from './testCluster';

/** A real Grid Engine of four hosts of four slots, which people reach over SSH. */
export interface GridEngine extends Logins {
  /** Its host in `sshConfig`, where each shell finds qsub. */
  host: string;
  /** The same where only a login shell does. */
  loginShellHost: string;
  /** Ends these daemons (`qmaster`, `execd-gx1` to `execd-gx4` with all that runs there, `sshd`); without names, all of it. */
  stop(...daemons: string[]): void;
  /** Starts those that do not run. */
  start(): void;
}

/**
 * Starts it, or takes the one that runs.
 *
 * @param file The path of the file of tests, which has it for itself: `__filename`.
 */
export function startGridEngine(file: string): GridEngine {
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
