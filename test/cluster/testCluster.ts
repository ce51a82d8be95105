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
    slurmConf
  };
}

export function stopCluster(...daemons: string[]): void {
  runCluster('stop', ...daemons);
}

/** What sshd has written so far. */
export function sshdLog({ folder }: TestCluster): string {
  return readFileSync(path.join(folder, 'sshd.log'), 'utf8');
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
