import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BatchSystem } from './batchSystem';
import {
  clusterOf,
  loginsOf,
  runCluster,
  runClusterMeanwhile,
  whyNoUsers,
  whyNot
} from './testCluster';
import type { Cluster } from './wholeJobs';

/** What stands for a batch system that cannot be had here, with four hosts of four slots, which people reach over SSH. */
export interface StandIn extends Cluster {
  /** Has something go wrong by a file of the control folder (docs/contributing.md has them); null has it go right again. */
  control(name: string, text: string | null): void;
}

/**
 * Starts it, or takes the one that runs; its daemons are `server`, `host-gx1` to `host-gx4` with all that runs there, and `sshd`.
 *
 * @param file The path of the file of tests, which has it for itself: `__filename`.
 */
export function startStandIn(file: string, scheduler: 'pbspro' | 'torque' | 'lsf'): StandIn {
  clusterOf(file);
  const start = (): string => runCluster('start', '--scheduler', scheduler);
  const logins = loginsOf(start());
  return {
    ...logins,
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

/** The same of PBS Pro, for what has to survive on the way there. */
export function startPbsPro(file: string): BatchSystem {
  const standIn = startStandIn(file, 'pbspro');
  return {
    ...standIn,
    submits: {
      program: path.join(standIn.folder, 'stand_in/bin/qsub'),
      // What it says when the connection ends before an answer has come (cnt2server.c).
      unheard: 'Communication failure.'
    },
    // The first of a server is 0.
    taken: () => {
      const kept = path.join(standIn.folder, 'stand_in/queue.json');
      return (JSON.parse(readFileSync(kept, 'utf8')) as { next: number }).next;
    },
    goAway: () => runClusterMeanwhile('stop', 'server'),
    comeBack: () => runClusterMeanwhile('start', '--scheduler', 'pbspro'),
    stop: () => standIn.stop()
  };
}

/** Why none can be started here; null when it can. */
export function whyNoStandIn(): string | null {
  return whyNot('sshd ssh ip unshare', 'openssh-server openssh-client iproute2') ?? whyNoUsers();
}
