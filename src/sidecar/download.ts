import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Extract, extract } from 'tar-stream';
import type { JobRecord } from '../api/job';
import { jobPaths } from '../job/paths';
import { quote } from '../schedulers/text';
import { Collected } from './remote/collected';
import { commandFailed } from './remote/failure';
import { runScript, type Shell } from './remote/script';
import { PACK } from './tarCommands';

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
      body: `${PACK}\ncd ${quote(paths.directory)} && pack <&3`,
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

/** Files up to so many bytes are written several at a time: one after the other, each waits for the disk by itself. */
const SMALL_BYTES = 256 * 1024;

/** How many. */
const TOGETHER = 32;

async function unpack(archived: Extract, places: Map<string, string>): Promise<void> {
  const small: { place: string; bytes: Buffer }[] = [];
  const write = (): Promise<unknown> =>
    Promise.all(small.splice(0).map(({ place, bytes }) => writeFile(place, bytes, { flag: 'wx' })));
  const folders = new Set<string>();
  for await (const entry of archived) {
    const place = places.get(entry.header.name);
    if (place === undefined || entry.header.type !== 'file') {
      entry.resume();
      continue;
    }
    const folder = path.dirname(place);
    if (!folders.has(folder)) {
      await mkdir(folder, { recursive: true });
      folders.add(folder);
    }
    if ((entry.header.size ?? 0) > SMALL_BYTES) {
      await pipeline(entry, createWriteStream(place, { flags: 'wx' }));
    } else {
      const collected = new Collected();
      await pipeline(entry, collected);
      small.push({ place, bytes: collected.bytes });
      if (small.length >= TOGETHER) {
        await write();
      }
    }
    places.delete(entry.header.name);
  }
  await write();
}
