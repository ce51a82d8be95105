import { mkdirSync } from 'node:fs';
import path from 'node:path';
import pino, { type DestinationStream, type Logger } from 'pino';
import { createStream } from 'rotating-file-stream';
import { expectOwn } from './ownFile';

export type Log = Logger;

/** Milliseconds until a log that could not be written is opened again. */
const OPEN_AGAIN_MS = 10_000;

/**
 * A structured log, a JSON record a line, in `folder`/sidecar.log: at most five files, the older ones of 5 MB. A full
 * disk costs lines of it, and nothing else.
 */
export function openLog(folder: string): Log {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The list of the older ones is written, too.
  ['sidecar.log', 'sidecar.log.txt'].forEach(name => expectOwn(path.join(folder, name)));
  return pino(
    { base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    lasting(() =>
      createStream('sidecar.log', { path: folder, size: '5M', maxFiles: 4, mode: 0o600 })
    )
  );
}

/** A stream that is over after an error, made anew. */
function lasting(open: () => ReturnType<typeof createStream>): DestinationStream {
  let stream: ReturnType<typeof createStream> | null = null;
  let failedAt = -Infinity;
  const opened = (): ReturnType<typeof createStream> => {
    const made = open();
    made.on('error', () => {
      failedAt = Date.now();
      stream = null;
    });
    return made;
  };
  return {
    write: line => {
      if (stream === null && Date.now() - failedAt < OPEN_AGAIN_MS) {
        return;
      }
      stream ??= opened();
      stream.write(line);
    }
  };
}
