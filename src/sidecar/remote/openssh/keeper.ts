import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Ending } from '../conversation';

/**
 * Keeps an ssh for as long as the service lives, of which descriptor 3 tells, and leaves no folder behind, whichever ends
 * first; what is said there and back is the program's alone. Arguments: the folder, and the program with its own.
 */
const SCRIPT = `folder=$1; shift
exec 4<&0 </dev/null
"$@" <&4 3<&- 4<&- &
kept=$!
exec 4<&- >/dev/null
{ read -r _ <&3; kill "$kept"; } 2>/dev/null &
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
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /** How it has ended, when nobody holds its outputs any more. */
  ended: Promise<Ending>;
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
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: environment
  });
  const { stderr, stdin, stdout } = child;
  const life = child.stdio[3] as Writable;
  [stdin, life].forEach(stream => stream.on('error', () => undefined));
  const ended = new Promise<Ending>(resolve => {
    child.once('error', () => resolve({ exitCode: null, signal: null }));
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  child.once('exit', () => {
    [stdin, life].forEach(stream => stream.destroy());
    // Whatever a person's own commands have left running may hold it for ever.
    setTimeout(() => stderr.destroy(), REST_MS).unref();
  });
  return {
    stdin,
    stdout,
    stderr,
    ended,
    end: () => void life.destroy(),
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
