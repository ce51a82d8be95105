import { execFileSync } from 'node:child_process';

/** Why no real Slurm can be started here; null when it can. */
export function whyNoSlurm(): string | null {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  try {
    execFileSync('bash', ['-c', 'type munged slurmctld slurmd sbatch squeue srun sshd ssh tcsh'], {
      env
    });
    return null;
  } catch {
    return 'apt install slurmctld slurmd slurm-client munge openssh-server openssh-client tcsh';
  }
}
