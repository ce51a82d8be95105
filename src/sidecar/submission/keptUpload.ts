import path from 'node:path';
import { Readable } from 'node:stream';
import type { JobRecord } from '../../api/job';
import { problem } from '../../api/problem';
import { jobDirectory } from '../../job/paths';
import { cargo } from './cargo';
import type { Jobs } from '../records/jobs';
import { type Disk, diskOf } from '../files/disk';
import { isThere } from '../files/place';
import { archive } from './upload';

/** What packing a job uses. */
export interface Packing {
  jobs: Jobs;
  /** The file of the runner, which is sent along with each job. */
  runner: string;
}

/**
 * Keeps what a job is sent with, as it is now: while it waits for its turn on this machine, a person goes on with the files
 * beside the notebook. Safe to be called again; what is whole stays.
 *
 * @throws the problem `file-unreadable`, or the error of a file system.
 */
export async function keepUpload({ jobs, runner }: Packing, id: string): Promise<void> {
  const record = jobs.get(id);
  const submission = jobs.submission(id);
  const { disk, file, part } = placeOf(record);
  if (submission === null || (await isThere(disk, file))) {
    return;
  }
  await disk.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await disk.rm(part, { force: true });
  try {
    const written = await disk.createFile(part);
    try {
      // The folder may be open to others.
      await disk.chmod(part, 0o600);
      for await (const chunk of archive(cargo(runner, record, submission))) {
        await written.write(chunk as Buffer);
      }
    } finally {
      await written.close();
    }
    await disk.rename(part, file);
  } catch (error) {
    await disk.rm(part, { force: true });
    throw error;
  }
}

/**
 * What was kept for a job; null where nothing was, as it did not wait.
 *
 * @param passed is told how many bytes have been read so far, at each piece.
 * @throws the problem `file-unreadable` where somebody has removed it since then: what the folder has now may be another job.
 */
export async function keptUpload(
  record: JobRecord,
  passed: (bytes: number) => void
): Promise<Readable | null> {
  if (record.cluster.host !== null) {
    return null;
  }
  const { disk, file } = placeOf(record);
  if (await isThere(disk, file)) {
    return Readable.from(chunksOf(disk, file, passed));
  }
  if (record.isKept === true) {
    const output = `The files of this job were kept in ${file} until its turn, and are gone.`;
    throw problem('file-unreadable', { file }, { details: { output } });
  }
  return null;
}

/** The job has been sent, or never will be. */
export async function forgetUpload(record: JobRecord): Promise<void> {
  const { disk, file, part } = placeOf(record);
  await Promise.all([file, part].map(each => disk.rm(each, { force: true })));
}

async function* chunksOf(
  disk: Disk,
  file: string,
  passed: (bytes: number) => void
): AsyncGenerator<Buffer> {
  const opened = await disk.openFile(file);
  try {
    let bytes = 0;
    for await (const chunk of opened.chunks()) {
      yield chunk;
      bytes += chunk.length;
      passed(bytes);
    }
  } finally {
    await opened.close();
  }
}

function placeOf({ cluster, id }: JobRecord): { disk: Disk; file: string; part: string } {
  const file = `${jobDirectory(cluster.baseFolder, id)}.tar`;
  return { disk: diskOf(cluster.baseFolder, 'send'), file, part: `${file}.part` };
}
