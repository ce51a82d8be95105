import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Site } from '../jobs/durability';
import { quickPython } from '../jobs/quickPython';
import {
  type Logins,
  type TestCluster,
  clusterOf,
  jobsTaken,
  runClusterMeanwhile,
  startCluster,
  stopCluster
} from './testCluster';

/** A batch system behind SSH, as the tests know it that have jobs survive whatever happens on the way there. */
export interface BatchSystem extends Logins {
  /** Its command that submits, by its path there, and what that says when it has got no answer for a job that was taken. */
  submits: { program: string; unheard: string };
  /** How many jobs it has ever taken, by its own count. */
  taken(): number;
  /** Ends what takes jobs and knows of them; those that run go on. */
  goAway(): Promise<void>;
  /** Starts that again; resolves when it is itself again, with all hosts. */
  comeBack(): Promise<void>;
  /** Ends all of it. */
  stop(): void;
}

/** Starts a Slurm for this file of tests: `__filename`. */
export function startSlurm(file: string): BatchSystem & TestCluster {
  clusterOf(file);
  const cluster = startCluster();
  return {
    ...cluster,
    submits: {
      program: '/usr/bin/sbatch',
      unheard: 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation'
    },
    taken: () => jobsTaken(cluster),
    goAway: () => runClusterMeanwhile('stop', 'slurmctld'),
    comeBack: () => runClusterMeanwhile('start'),
    stop: () => stopCluster()
  };
}

/** The jobs of a Python that takes no time (quickPython.ts), on the system's first host. */
export function siteOf(system: BatchSystem): Site {
  return {
    form: { cluster: system.host, python: quickPython(system.home) },
    variables: { JUPYTERLAB_SUBMIT_SSH_CONFIG: system.sshConfig },
    home: system.home,
    taken: () => system.taken()
  };
}

/** Has each shell of the first host's user run this line. */
export function addToBashrc({ home }: Logins, line: string): void {
  writeFileSync(path.join(home, '.bashrc'), `${line}\n`, { flag: 'a' });
}
