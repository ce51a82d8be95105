import { type ChildProcess, spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problem } from '../../api/problem';
import type { Remote, RemoteAnswer, RemoteCommand } from './remote';

/** The most that a command may print, in bytes: a queue of 100,000 jobs fits. */
const MOST_OUTPUT = 20_000_000;

/** How much is kept of what a command says on standard error, in bytes. */
const MOST_ERRORS = 100_000;

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

async function feed(stdin: Writable, { script, input }: RemoteCommand): Promise<void> {
  try {
    await pipeline(Readable.from(text(script, input), { objectMode: false }), stdin);
  } catch (error) {
    // The command ended before it had read everything: its answer tells why.
    if (!isBrokenPipe(error)) {
      throw error;
    }
  }
}

async function* text(script: string, input: Readable | undefined): AsyncGenerator<Buffer> {
  yield Buffer.from(script);
  if (input) {
    for await (const chunk of input) {
      yield Buffer.from(chunk);
    }
  }
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    chunks.push(bytes);
    if (length > MOST_OUTPUT) {
      // A part of an answer, taken for the whole, would tell what is not true.
      const output = `more than ${MOST_OUTPUT} bytes, which begin: ${bytes.toString('utf8', 0, 1000)}`;
      throw problem('answer-unreadable', {}, { details: { output } });
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function startOf(stream: Readable): Promise<string> {
  let start = Buffer.alloc(0);
  for await (const chunk of stream) {
    if (start.length < MOST_ERRORS) {
      start = Buffer.concat([start, Buffer.from(chunk)]);
    }
  }
  return start.toString('utf8', 0, MOST_ERRORS);
}

function isBrokenPipe(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET';
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
