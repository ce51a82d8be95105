import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

/** The real Slurm and the real SSH server that the tests start; what `run.py cluster start` prints of them. */
export interface TestCluster {
  folder: string;
  /** The OpenSSH configuration that names its hosts. */
  sshConfig: string;
  /** A Python with ipyparallel that all of its users can read. */
  python: string;
  slurmConf: string;
  /** Where the SSH server of most users listens. */
  port: number;
}

/** Starts it, or takes the one that runs. */
export function startCluster(...options: string[]): TestCluster {
  const said = runCluster('start', ...options);
  const slurmConf = /SLURM_CONF=(.*)/.exec(said)?.[1] ?? '';
  const folder = path.dirname(slurmConf);
  return {
    folder,
    sshConfig: path.join(folder, 'ssh_config'),
    python: /Python for their jobs: (.*)/.exec(said)?.[1] ?? '',
    slurmConf,
    port: Number(/^Port (\d+)/m.exec(readFileSync(path.join(folder, 'sshd.conf'), 'utf8'))?.[1])
  };
}

export function stopCluster(...daemons: string[]): void {
  runCluster('stop', ...daemons);
}

/** How many commands sshd has started so far, by its own log. */
export function sessions(cluster: TestCluster): number {
  return countInLog(cluster, /^Starting session/gm);
}

/** How many connections it has taken. */
export function connections(cluster: TestCluster): number {
  return countInLog(cluster, /^Connection from/gm);
}

function countInLog({ folder }: TestCluster, line: RegExp): number {
  return [...readFileSync(path.join(folder, 'sshd.log'), 'utf8').matchAll(line)].length;
}

function runCluster(...argv: string[]): string {
  return execFileSync('python3', ['run.py', 'cluster', ...argv], { cwd: ROOT, encoding: 'utf8' });
}

/** Why no real cluster with SSH can be started here; null when it can. */
export function whyNoCluster(): string | null {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  try {
    execFileSync('bash', ['-c', 'type munged slurmctld slurmd sbatch squeue srun sshd tcsh'], {
      env,
      stdio: 'pipe'
    });
  } catch {
    return 'apt install slurmctld slurmd slurm-client munge openssh-server tcsh';
  }
  return process.getuid?.() === 0 ? null : 'only root can make the users who log in';
}
