import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problem } from '../../api/problem';
import { bashInput } from './bashInput';
import type { RemoteCommand } from './remote';

/** The most that a command may print, in bytes: a queue of 100,000 jobs fits. */
const MOST_OUTPUT = 20_000_000;

/** How much is kept of what a command says on standard error, in bytes. */
export const MOST_ERRORS = 100_000;

/** Writes a command's script and the bytes behind it; a command that ends early is no failure. */
export async function feed(stdin: Writable, { script, input }: RemoteCommand): Promise<void> {
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
  yield Buffer.from(bashInput(script));
  if (input) {
    yield* input as AsyncIterable<Buffer>;
  }
}

/** All that a command prints. */
export async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes: Buffer = chunk;
    length += bytes.length;
    chunks.push(bytes);
    if (length > MOST_OUTPUT) {
      throw tooMuch(bytes);
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The beginning of what a command prints; the rest is passed over, but not without end. */
export async function startOf(stream: Readable): Promise<string> {
  let start = Buffer.alloc(0);
  let length = 0;
  for await (const chunk of stream) {
    const bytes: Buffer = chunk;
    length += bytes.length;
    if (start.length < MOST_ERRORS) {
      start = Buffer.concat([start, bytes]);
    }
    if (length > MOST_OUTPUT) {
      throw tooMuch(start);
    }
  }
  return start.toString('utf8', 0, MOST_ERRORS);
}

function tooMuch(bytes: Buffer): Error {
  // A part of an answer, taken for the whole, would tell what is not true.
  const output = `more than ${MOST_OUTPUT} bytes, which begin: ${bytes.toString('utf8', 0, 1000)}`;
  return problem('answer-unreadable', {}, { details: { output } });
}

function isBrokenPipe(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET';
}
