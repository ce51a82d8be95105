import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Extract, extract } from 'tar-stream';
import type { JobRecord } from '../api/job';
import { jobPaths } from '../job/paths';
import { quote } from '../schedulers/text';
import { commandFailed } from './remote/failure';
import { runScript, type Shell } from './remote/script';

/** Seconds that fetching files may take. */
const DOWNLOAD_SECONDS = 4 * 3600;

/** One file to fetch: where it is below the job directory, and the path that it gets below the target folder. */
export interface Wanted {
  source: string;
  path: string;
}

/**
 * Fetches files of a job directory into a folder that is ours alone, in one remote command. Only what was asked for
 * is taken out of the archive, and only under the name that was asked for.
 */
export async function download(
  shell: Shell,
  record: JobRecord,
  wanted: readonly Wanted[],
  target: string
): Promise<void> {
  const paths = jobPaths(record.cluster.baseFolder, record.id, record.spec.notebook);
  const places = new Map(wanted.map(file => [file.source, path.join(target, file.path)]));
  const received = new PassThrough();
  const archived = extract();
  const giveUp = (error: unknown): never => {
    // Whoever still writes or reads must not wait for ever.
    received.destroy();
    archived.destroy();
    throw error;
  };
  const [answer] = await Promise.all([
    runScript(shell, {
      // A second name of a file is a file of its own here.
      body: `cd ${quote(paths.directory)} && tar -cf - --hard-dereference --no-unquote --null -T - <&3`,
      input: Readable.from([Buffer.from(wanted.map(file => `${file.source}\0`).join(''))]),
      output: received,
      timeoutSeconds: DOWNLOAD_SECONDS
    }).catch(giveUp),
    pump(received, archived).catch(giveUp),
    unpack(archived, places).catch(giveUp)
  ]);
  // Status 1 of tar: a file changed while it was read, which something that outlived the job may do.
  if ((answer.exitCode ?? 2) > 1 || places.size > 0) {
    throw commandFailed(record.cluster, shell.remote, 'tar', answer);
  }
}

/** Hands Node's stream to the archive's, which is of another kind, at the archive's pace. */
async function pump(received: Readable, archived: Extract): Promise<void> {
  const closed = new Promise<void>(resolve => archived.once('close', resolve));
  for await (const chunk of received) {
    if (!archived.write(chunk) && !archived.destroyed) {
      await Promise.race([new Promise<void>(resolve => archived.once('drain', resolve)), closed]);
    }
  }
  archived.end(null);
}

async function unpack(archived: Extract, places: Map<string, string>): Promise<void> {
  for await (const entry of archived) {
    const place = places.get(entry.header.name);
    if (place === undefined || entry.header.type !== 'file') {
      entry.resume();
      continue;
    }
    await mkdir(path.dirname(place), { recursive: true });
    await pipeline(entry, createWriteStream(place, { flags: 'wx' }));
    places.delete(entry.header.name);
  }
}
