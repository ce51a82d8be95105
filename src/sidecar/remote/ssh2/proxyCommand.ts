import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds that a ProxyCommand has to end and to say what was wrong. */
const LAST_WORDS_MS = 500;

/** How the bytes get there: a socket of ssh2's own, a program, or another host. */
export interface Carrier {
  sock: Duplex | null;
  close: () => void;
  /** What it said when it failed. */
  lastWords: () => Promise<string>;
}

/** A program, run as OpenSSH runs a ProxyCommand: by the person's own shell, which it replaces. */
export function carrierOfProgram(command: string): Carrier {
  const shell = process.env['SHELL'] ?? '/bin/sh';
  const child = spawn(shell, ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-2000);
  });
  const ended = new Promise<void>(resolve => {
    child.once('error', error => {
      said = error.message;
      resolve();
    });
    child.once('close', () => resolve());
  });
  const sock = Duplex.from({ readable: child.stdout, writable: child.stdin });
  sock.on('error', () => undefined);
  return {
    sock,
    close: () => void child.kill(),
    lastWords: async () => {
      await Promise.race([ended, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      return said.trim();
    }
  };
}
