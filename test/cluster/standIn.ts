import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Logins, clusterOf, loginsOf, runCluster, whyNoUsers, whyNot } from './testCluster';

/** What stands for a batch system that cannot be had here, with four hosts of four slots, which people reach over SSH. */
export interface StandIn extends Logins {
  /** Its host in `sshConfig`, where each shell finds its commands. */
  host: string;
  /** The same where only a login shell does. */
  loginShellHost: string;
  /** Has something go wrong by a file of the control folder (docs/contributing.md has them); null has it go right again. */
  control(name: string, text: string | null): void;
  /** Ends these daemons (`server`, `host-gx1` to `host-gx4` with all that runs there, `sshd`); without names, all of it. */
  stop(...daemons: string[]): void;
  /** Starts those that do not run. */
  start(): void;
}

/**
 * Starts it, or takes the one that runs.
 *
 * @param file The path of the file of tests, which has it for itself: `__filename`.
 */
export function startStandIn(file: string, scheduler: 'pbspro' | 'torque' | 'lsf'): StandIn {
  clusterOf(file);
  const start = (): string => runCluster('start', '--scheduler', scheduler);
  const logins = loginsOf(start());
  return {
    ...logins,
    host: scheduler,
    loginShellHost: `${scheduler}-login-path`,
    control: (name, text) => {
      const control = path.join(logins.folder, 'stand_in/control', name);
      if (text === null) {
        rmSync(control, { force: true });
      } else {
        writeFileSync(control, text);
      }
    },
    stop: (...daemons) => void runCluster('stop', ...daemons),
    start: () => void start()
  };
}

/** Why none can be started here; null when it can. */
export function whyNoStandIn(): string | null {
  return whyNot('sshd ssh ip unshare', 'openssh-server openssh-client iproute2') ?? whyNoUsers();
}
