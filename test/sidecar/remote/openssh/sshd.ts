import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  rmdirSync,
  writeFileSync
} from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

const PROGRAM = ['/usr/sbin/sshd', '/usr/lib/ssh/sshd', '/usr/libexec/sshd'].find(file =>
  existsSync(file)
);

/** The folder that sshd shuts itself in before anybody has logged in; it is shared as dev/cluster/privilege_separation.py does. */
const PLACE = '/run/sshd';
const OURS = 'jupyterlab-submit-cluster-';

/** Why no real SSH server can be started here; null when it can. */
export function whyNoSshd(): string | null {
  if (PROGRAM === undefined) {
    return 'apt install openssh-server';
  }
  return process.getuid?.() === 0 || existsSync(PLACE) ? null : `only root can make ${PLACE}`;
}

/** A real SSH server that lets in whoever runs the tests; it ends with the test. */
export class Sshd {
  private constructor(
    readonly port: number,
    private readonly logFile: string,
    private readonly pid: number
  ) {}

  /** @param settings Lines of sshd_config(5), of which the first of a kind counts. */
  static async start(folder: string, name: string, settings: readonly string[]): Promise<Sshd> {
    const port = await freePort();
    const [config, log] = [path.join(folder, `${name}.conf`), path.join(folder, `${name}.log`)];
    const usual = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin yes',
      'LogLevel VERBOSE',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no'
    ];
    writeFileSync(config, `${[...settings, ...usual].join('\n')}\n`);
    const leave = enterPlace(port);
    const child = spawn(PROGRAM ?? '', ['-D', '-f', config, '-E', log], { stdio: 'ignore' });
    onTestFinished(async () => {
      await ended(child);
      leave();
    });
    await answers(port, child);
    return new Sshd(port, log, child.pid ?? 0);
  }

  /** What it has written so far. */
  get log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** How many that were logged in have ended. Its log has many words for that; it has a process for each that has not. */
  get ended(): number {
    const alive = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8');
    const accepted = [...this.log.matchAll(/^Accepted \S+ for /gm)];
    return accepted.length - alive.split(' ').filter(pid => pid !== '').length;
  }

  /** How often its log has a line that begins so. */
  count(begin: string): number {
    return this.log.split('\n').filter(line => line.startsWith(begin)).length;
  }
}

/** Who is let in. */
export const USER = userInfo().username;

function enterPlace(port: number): () => void {
  const mark = path.join(PLACE, `${OURS}test-${port}`);
  const isOurs = !existsSync(PLACE) || readdirSync(PLACE).some(name => name.startsWith(OURS));
  if (isOurs) {
    mkdirSync(PLACE, { recursive: true, mode: 0o755 });
    writeFileSync(mark, '');
  }
  return () => {
    if (isOurs) {
      rmSync(mark, { force: true });
      if (readdirSync(PLACE).length === 0) {
        rmdirSync(PLACE);
      }
    }
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill();
    await once(child, 'exit');
  }
}

/** A port at which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when somebody listens at the port. */
async function answers(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await new Promise<boolean>(resolve => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isThere) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error(`sshd has ended: ${child.exitCode}`);
}
