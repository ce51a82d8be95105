import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { problem } from '../../api/problem';
import { type Ending, type Started, converse } from './conversation';
import type { RemoteAnswer, RemoteCommand } from './remote';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A program of this machine that leads to a bash, which may be itself. */
export interface Program {
  argv: readonly [string, ...string[]];
  environment: NodeJS.ProcessEnv;
  /** What problems call the place where its bash runs. */
  cluster: string;
}

/**
 * Runs a command by a program that is started for it. It has a process group of its own, so that a command that is given
 * up ends with all that it has started, and one that is not goes on when the sidecar ends.
 *
 * @throws What `Remote.run` does; where the program cannot be started, nothing has run.
 */
export async function runChild(
  { argv: [file, ...rest], cluster, environment }: Program,
  command: RemoteCommand
): Promise<RemoteAnswer> {
  try {
    const child = spawn(file, rest, {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: environment
    });
    return await converse(startedBy(child), command, cluster);
  } catch (error) {
    throw isOfSpawn(error) ? spawnProblem(error, cluster) : error;
  }
}

function startedBy(child: Child): Started {
  const { stderr, stdin, stdout } = child;
  return { stdin, stdout, stderr, ended: ended(child), end: () => end(child) };
}

function ended(child: Child): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

function end(child: Child): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    stream.destroy();
  }
}

/** Whether nothing was started: too many processes, too large an environment, no such program. */
function isOfSpawn(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn');
}

function spawnProblem(error: Error, cluster: string): Error {
  const details = { output: error.message };
  return problem('cluster-unreachable', { cluster }, { details, cause: error });
}
