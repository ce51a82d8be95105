import { type ChildProcess, spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { problem } from '../../api/problem';
import { limitOf } from './limit';
import type { Remote, RemoteAnswer, RemoteCommand } from './remote';
import { feed, startOf, textOf } from './streams';

/** This machine, reached by starting bash. A command goes on when the sidecar ends, as it would over SSH. */
export const local: Remote = { where: hostname(), run, close: () => undefined };

async function run(command: RemoteCommand): Promise<RemoteAnswer> {
  const child = start(command);
  const { input, output } = command;
  const limit = limitOf(command, 'This machine');
  try {
    const [how, stdout, stderr] = await Promise.race([
      Promise.all([
        ended(child),
        output ? pipeline(child.stdout, output).then(() => '') : textOf(child.stdout),
        startOf(child.stderr),
        feed(child.stdin, command)
      ]),
      limit.reached
    ]);
    return { ...how, stdout, stderr };
  } catch (error) {
    end(child);
    throw asProblem(error);
  } finally {
    limit.clear();
    input?.destroy();
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
