import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/**
 * Keeps an ssh for as long as the service lives, of which standard input tells, and leaves no folder behind, whichever ends
 * first. Arguments: the folder, and the program with its own.
 */
const SCRIPT = `folder=$1; shift
exec 3<&0
"$@" </dev/null 3<&- &
kept=$!
{ read -r _ <&3; kill "$kept"; } >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$kept"; status=$?
kill "$watch" 2>/dev/null
rm -rf "$folder"
exit "$status"`;

/** Milliseconds in which the last words of a program come that has ended. */
const REST_MS = 500;

/** A program that ends with the service. */
export interface Kept {
  stderr: Readable;
  /** Resolves when it has ended, and nobody holds its outputs any more. */
  ended: Promise<void>;
  /** Ends it as it ends by itself. */
  end(): void;
  /** Ends it, and all that it has started, at once. */
  kill(): void;
}

/**
 * Starts a program in a process group of its own, without a terminal.
 *
 * @param folder Removed with everything in it when it is over.
 */
export function keep(
  folder: string,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv
): Kept {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', folder, ...argv], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: environment
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>(resolve => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  child.once('exit', () => {
    child.stdin.destroy();
    // Whatever a person's own commands have left running may hold it for ever.
    setTimeout(() => child.stderr.destroy(), REST_MS).unref();
  });
  return {
    stderr: child.stderr,
    ended,
    end: () => void child.stdin.destroy(),
    kill: () => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        try {
          process.kill(-child.pid, 'SIGKILL');
        } catch {
          // It has just ended.
        }
      }
    }
  };
}
