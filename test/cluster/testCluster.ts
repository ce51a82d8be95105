import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.resolve(__dirname, '../..');

/** What `run.py cluster start` prints of a cluster that the tests start, whatever its scheduler is. */
export interface Logins {
  folder: string;
  /** The OpenSSH configuration that names its hosts. */
  sshConfig: string;
  /** The first of these. */
  host: string;
  /** A Python with ipyparallel that all of its users can read. */
  python: string;
  /** Where the SSH server of its first host listens. */
  port: number;
  /** The home folder of the user behind its first host. */
  home: string;
}

/** The real Slurm and the real SSH server that the tests start. */
export interface TestCluster extends Logins {
  slurmConf: string;
}

/**
 * Has a file of tests start a cluster of its own, beside those of other files and other checkouts. It has the same one
 * each time, so that a run that was killed leaves none which nobody ends.
 *
 * @param file The path of the file: `__filename`.
 */
export function clusterOf(file: string): void {
  ours = createHash('sha256').update(file).digest('hex').slice(0, 8);
}

let ours: string | null = null;

/** Starts it, or takes the one that runs. */
export function startCluster(...options: string[]): TestCluster {
  const said = runCluster('start', ...options);
  return { ...loginsOf(said), slurmConf: /SLURM_CONF=(.*)/.exec(said)?.[1] ?? '' };
}

/** What a start has said of logging in. */
export function loginsOf(said: string): Logins {
  const sshConfig = /^ssh -F (.*) /m.exec(said)?.[1] ?? '';
  const folder = path.dirname(sshConfig);
  const written = readFileSync(sshConfig, 'utf8');
  const [, user = '', port] = /^ {2}User (.*)\n {2}Port (\d+)$/m.exec(written) ?? [];
  return {
    folder,
    sshConfig,
    host: /^Host (\S+)/m.exec(written)?.[1] ?? '',
    home: path.join(folder, 'home', user),
    python: /Python for their jobs: (.*)/.exec(said)?.[1] ?? '',
    port: Number(port)
  };
}

export function stopCluster(...daemons: string[]): void {
  runCluster('stop', ...daemons);
}

/** How many commands sshd has started so far, by its own log. */
export function sessions(cluster: Logins): number {
  return countInLog(cluster, /^Starting session/gm);
}

/** How many connections it has taken. */
export function connections(cluster: Logins): number {
  return countInLog(cluster, /^Connection from/gm);
}

function countInLog({ folder }: Logins, line: RegExp): number {
  return [...readFileSync(path.join(folder, 'sshd.log'), 'utf8').matchAll(line)].length;
}

/** How many jobs Slurm has ever taken, by its own count of ids. */
export function jobsTaken({ slurmConf }: TestCluster): number {
  const env = { ...process.env, SLURM_CONF: slurmConf };
  const said = execFileSync('scontrol', ['show', 'config'], { encoding: 'utf8', env });
  const [first, next] = ['FirstJobId', 'NEXT_JOB_ID'].map(
    name => new RegExp(String.raw`^${name}\s*=\s*(\d+)$`, 'm').exec(said)?.[1]
  );
  if (first === undefined || next === undefined) {
    throw new Error(`no ids of jobs: ${said}`);
  }
  return Number(next) - Number(first);
}

/** What an sshd has written so far. */
export function sshdLog({ folder }: Logins, daemon = 'sshd'): string {
  return readFileSync(path.join(folder, `${daemon}.log`), 'utf8');
}

/** Runs `run.py cluster`; returns what it prints. */
export function runCluster(...argv: string[]): string {
  return runOfCluster('run.py', 'cluster', ...argv);
}

/** The same while jobs are watched, and other tests go on. */
export async function runClusterMeanwhile(...argv: string[]): Promise<void> {
  await promisify(execFile)('python3', ['run.py', 'cluster', ...argv], onOurs());
}

/** Runs a Python program for this cluster; returns what it prints. */
export function runOfCluster(...argv: string[]): string {
  return execFileSync('python3', argv, { ...onOurs(), encoding: 'utf8' });
}

function onOurs(): { cwd: string; env: NodeJS.ProcessEnv } {
  if (ours === null) {
    throw new Error('Whose cluster? Call clusterOf(__filename) first.');
  }
  return { cwd: ROOT, env: { ...process.env, JUPYTERLAB_SUBMIT_CLUSTER: ours } };
}

/** Why no real Slurm can be started here; null when it can. */
export function whyNoSlurm(): string | null {
  return whyNot(
    'munged slurmctld slurmd sbatch squeue srun sshd ssh tcsh zsh fish',
    'slurmctld slurmd slurm-client munge openssh-server openssh-client tcsh zsh fish'
  );
}

/** Why none with users who log in can be started here; null when it can. */
export function whyNoCluster(): string | null {
  return whyNoSlurm() ?? whyNoUsers();
}

/** Why no users who log in can be made here; null when they can. */
export function whyNoUsers(): string | null {
  return process.getuid?.() === 0 ? null : 'only root can make users';
}

/** Why none that keeps accounts can be started here; null when it can. */
export function whyNoAccounting(): string | null {
  return (
    whyNoCluster() ??
    whyNot('slurmdbd mariadbd sacctmgr', 'slurmdbd mariadb-server-core mariadb-client-core')
  );
}

/** Why none with the doors of centres can be started here; null when it can. */
export function whyNoDoors(): string | null {
  return (
    whyNoCluster() ??
    whyNot(
      'gcc unshare krb5kdc kadmin.local kinit softhsm2-util',
      'gcc libc6-dev util-linux krb5-kdc krb5-admin-server krb5-user softhsm2'
    )
  );
}

/** What a name of a test ends with that is skipped for a reason. */
export function skippedFor(reason: string | null): string {
  return reason === null ? '' : ` (skipped: ${reason})`;
}

/** What to install where one of these programs is missing; null where all are there. */
export function whyNot(programs: string, packages: string): string | null {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  try {
    execFileSync('bash', ['-c', `type ${programs}`], { env, stdio: 'pipe' });
    return null;
  } catch {
    return `apt install ${packages}`;
  }
}
