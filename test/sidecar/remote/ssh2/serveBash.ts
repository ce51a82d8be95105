import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Connection, ServerChannel } from 'ssh2';

/** Runs a command for real on a server's channel, as sshd does. */
export function serveBash(
  channel: ServerChannel,
  command: string,
  environment: NodeJS.ProcessEnv
): void {
  const child = spawn('bash', ['-c', command], { env: environment });
  channel.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  channel.once('close', () => child.kill());
  child.once('close', (code, signal) => {
    if (signal === null) {
      channel.exit(code ?? 1);
    } else {
      channel.exit(signal);
    }
    channel.end();
  });
}

/** What carries a connection of a server's. */
export function socketOf(connection: Connection): Socket {
  // What its types do not tell of.
  return (connection as unknown as { _sock: Socket })._sock;
}
