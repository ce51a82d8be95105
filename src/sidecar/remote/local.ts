import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { problem } from '../../api/problem';
import type { Remote, RemoteAnswer, RemoteCommand } from './remote';

/** The most that is kept of a command's output, in characters: a queue of 100,000 jobs fits. */
const MOST_OUTPUT = 20_000_000;

/** This machine, reached by starting bash. A command goes on when the sidecar ends, as it would over SSH. */
export const local: Remote = { where: hostname(), run, close: () => undefined };

async function run(command: RemoteCommand): Promise<RemoteAnswer> {
  const child = spawn('/usr/bin/env', ['bash'], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: command.environment ?? process.env
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), command.timeoutSeconds * 1000);
  const ended = new Promise<{ exitCode: number | null; signal: string | null }>(
    (resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
    }
  );
  try {
    const [end, stdout, stderr] = await Promise.all([
      ended,
      command.output ? pipeline(child.stdout, command.output).then(() => '') : textOf(child.stdout),
      textOf(child.stderr),
      feed(child.stdin, command)
    ]);
    return { ...end, stdout, stderr };
  } catch (error) {
    child.kill('SIGKILL');
    throw asProblem(error);
  } finally {
    clearTimeout(timer);
  }
}

async function feed(stdin: NodeJS.WritableStream, { script, input }: RemoteCommand): Promise<void> {
  try {
    stdin.write(script);
    if (input) {
      await pipeline(input, stdin);
    } else {
      stdin.end();
    }
  } catch (error) {
    // The command ended before it had read everything: its answer tells why.
    if (!isBrokenPipe(error)) {
      throw error;
    }
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length <= MOST_OUTPUT) {
      chunks.push(bytes);
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isBrokenPipe(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET';
}

function asProblem(error: unknown): unknown {
  return error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn')
    ? problem(
        'cluster-unreachable',
        { cluster: 'This machine' },
        { details: { output: error.message }, cause: error }
      )
    : error;
}
