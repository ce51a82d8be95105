import { mkdirSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import { createStream } from 'rotating-file-stream';

export type Log = Logger;

/** A structured log, a JSON record a line, in `folder`/sidecar.log: at most five files of 5 MB. */
export function openLog(folder: string): Log {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stream = createStream('sidecar.log', {
    path: folder,
    size: '5M',
    maxFiles: 4,
    mode: 0o600
  });
  return pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}
