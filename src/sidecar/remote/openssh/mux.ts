import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending, Started } from '../conversation';
import { MuxErrors } from './muxErrors';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Every command is bash, whatever the login shell: its script comes on standard input. */
export const BASH = '/usr/bin/env bash';

/** Milliseconds that a connection may take to say that it is there. */
export const CHECK_MS = 10_000;

/** What ssh ends with by itself; a command may, too. */
export const OF_SSH = 255;

/** Why no session was opened. */
export class NoSession extends Error {
  /** @param isFull Whether the host takes no more at a time; otherwise the connection is not there. */
  constructor(
    readonly isFull: boolean,
    words: string
  ) {
    super(words);
  }
}

/**
 * Options with which ssh goes through a connection, and never makes one of its own: that would ask again, and use up another
 * code. No configuration is read, as what it says has counted when the connection was made.
 */
export function through(socket: string): string[] {
  const path = socket.replaceAll('%', '%%');
  const options = [
    'ControlMaster=no',
    'ProxyCommand=false',
    // Where the connection has gone, ssh reads keys before it finds no other way.
    'IdentityFile=none',
    'IdentityAgent=none',
    'UserKnownHostsFile=none',
    'GlobalKnownHostsFile=none'
  ];
  return ['-F', 'none', '-S', path, ...options.flatMap(option => ['-o', option])];
}

/**
 * Starts bash through a connection.
 *
 * @param socket The connection's ControlPath.
 * @param startMs Milliseconds until the host has to have started it.
 * @throws NoSession when nothing was started.
 */
export async function startBash(
  socket: string,
  host: string,
  environment: NodeJS.ProcessEnv,
  startMs: number
): Promise<Started> {
  const argv = [...through(socket), '-T', '-o', 'LogLevel=DEBUG2', '--', host, BASH];
  const child = spawn('ssh', argv, {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment
  });
  const errors = new MuxErrors();
  // It fails where ssh does not read what it is to pass on, which is told by how that ends.
  child.stdin.on('error', () => undefined);
  const closed = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  closed.catch(() => errors.end());
  child.stderr.pipe(errors);
  const isOpen = await Promise.race([errors.opened, sleep(startMs, null, { ref: false })]);
  if (isOpen === true) {
    const read = finished(errors).catch(() => undefined);
    let isGivenUp = false;
    const ended = Promise.all([closed, read]).then(([ending]) =>
      // That we end its client says nothing of the connection.
      isGivenUp ? { exitCode: null, signal: 'SIGKILL' } : endingOf(ending, errors, socket, host)
    );
    const { stdin, stdout } = child;
    const giveUp = (): void => {
      isGivenUp = true;
      end(child, errors);
    };
    return { stdin, stdout, stderr: errors, ended, end: giveUp };
  }
  end(child, errors);
  if (isOpen === null) {
    throw new NoSession(false, `no command was started within ${startMs / 1000} s`);
  }
  const words = errors.words;
  throw new NoSession(/Session open refused by peer/.test(words), ownWords(words));
}

/**
 * How a command ended. Of a signal, ssh tells nothing: what has ended without a status, while the connection is well, was
 * ended by one.
 */
async function endingOf(
  { exitCode, signal }: Ending,
  errors: MuxErrors,
  socket: string,
  host: string
): Promise<Ending> {
  if (exitCode !== OF_SSH || errors.exitCode !== null) {
    return signal === null ? { exitCode, signal } : LOST;
  }
  return (await isThere(socket, host)) ? { exitCode: null, signal: 'unknown' } : LOST;
}

/** How something ends whose connection has broken. */
export const LOST: Ending = { exitCode: null, signal: null };

/** Whether a connection answers. */
export function isThere(socket: string, host: string): Promise<boolean> {
  return new Promise(resolve => {
    const argv = [...through(socket), '-O', 'check', '--', host];
    execFile('ssh', argv, { timeout: CHECK_MS }, error => resolve(error === null));
  });
}

/** Has the process that keeps a connection take leave of the host, and end. Resolves when it was told. */
export function takeLeave(socket: string, host: string): Promise<void> {
  return new Promise(resolve => {
    const argv = [...through(socket), '-O', 'exit', '--', host];
    execFile('ssh', argv, { timeout: CHECK_MS }, () => resolve());
  });
}

function end(child: Child, errors: MuxErrors): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
  for (const stream of [child.stdin, child.stdout, child.stderr, errors]) {
    stream.destroy();
  }
}

/** What ssh has said that is not only for those who look for a fault. */
export function ownWords(said: string): string {
  return said
    .split(/\r?\n/)
    .filter(line => line !== '' && !/^debug\d: /.test(line))
    .join('\n');
}
