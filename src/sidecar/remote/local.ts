import { type ChildProcess, spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { problem } from '../../api/problem';
import type { Remote, RemoteAnswer, RemoteCommand } from './remote';
import { feed, startOf, textOf } from './streams';

/** This machine, reached by starting bash. A command goes on when the sidecar ends, as it would over SSH. */
export const local: Remote = { where: hostname(), run, close: () => undefined };

async function run(command: RemoteCommand): Promise<RemoteAnswer> {
  const child = start(command);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    end(child);
  }, command.timeoutSeconds * 1000);
  try {
    const [how, stdout, stderr] = await Promise.all([
      ended(child),
      command.output ? pipeline(child.stdout, command.output).then(() => '') : textOf(child.stdout),
      startOf(child.stderr),
      feed(child.stdin, command)
    ]);
    if (isLate) {
      throw unheard(`no answer within ${command.timeoutSeconds} s`);
    }
    return { ...how, stdout, stderr };
  } catch (error) {
    end(child);
    throw isLate ? unheard(`no answer within ${command.timeoutSeconds} s`) : asProblem(error);
  } finally {
    clearTimeout(timer);
  }
}

function start({ environment }: RemoteCommand): ReturnType<typeof spawnBash> {
  try {
    return spawnBash(environment ?? process.env);
  } catch (error) {
    // Too many processes, or too large an environment.
    throw asProblem(error);
  }
}

function spawnBash(env: NodeJS.ProcessEnv) {
  return spawn('/usr/bin/env', ['bash'], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env
  });
}

function ended(child: ChildProcess): Promise<{ exitCode: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

/** Ends a command with all that it has started, and stops listening to what may be left. */
function end(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    stream?.destroy();
  }
}

function asProblem(error: unknown): unknown {
  return error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn')
    ? unheard(error.message, error)
    : error;
}

function unheard(output: string, cause?: unknown): Error {
  return problem(
    'cluster-unreachable',
    { cluster: 'This machine' },
    { details: { output }, cause }
  );
}
