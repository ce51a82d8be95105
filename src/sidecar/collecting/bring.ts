import path from 'node:path';
import type { JobRecord } from '../../api/job';
import { FILES } from '../../api/jobDirectory';
import { type Note, joinNotes } from '../../api/notes';
import { type ProblemError, problem } from '../../api/problem';
import type { HereFile, LeftFile, LeftReason } from '../../api/resultFiles';
import { resultPaths } from '../../job/resultPaths';
import { codeDigestOf } from '../files/codeDigest';
import type { Disk, DiskOf } from '../files/disk';
import { download } from './download';
import type { Missing } from './missing';
import { clearStaging, makeStaging, placeFile } from '../files/place';
import type { Jobs } from '../records/jobs';
import { placeFolder } from './placeFolder';
import { placeLinks } from './placeLinks';
import type { ClusterShell } from '../clusters/shell';
import { FilesFolder } from './filesFolder';
import { isAboutName } from './unpack';

/** What bringing something home uses. */
export interface Bringing {
  jobs: Jobs;
  diskOf: DiskOf;
}

/**
 * Brings the executed notebook, and notes that it is here.
 *
 * @param bytes Its length there.
 * @returns null, or why it cannot be read there, or not as it was listed, which is no reason to leave the files there.
 */
export async function bringNotebook(
  { diskOf, jobs }: Bringing,
  shell: ClusterShell,
  id: string,
  place: string,
  bytes: number
): Promise<ProblemError | null> {
  const record = jobs.get(id);
  return staged(diskOf(place, 'place'), place, id, jobs.mark, async (staging, disk) => {
    const wanted = [{ source: FILES.result, bytes, path: FILES.result }];
    const [why] = (await download(shell, disk, record, wanted, staging)).values();
    if (why === 'changed') {
      // A shared file system may show its last length late.
      return problem('result-not-seen', { cluster: record.cluster.title });
    }
    if (why !== undefined) {
      return problem('result-unreadable', { cluster: record.cluster.title });
    }
    const file = path.join(staging, FILES.result);
    const notes = await compareCode(disk, record, file);
    const target = resultPaths(record.spec.notebook, id, place).notebook;
    const notebook = await placeFile(disk, file, target);
    jobs.update(id, {
      result: { ...record.result, notebook, notebookBytes: bytes },
      notes: joinNotes(jobs.get(id).notes, notes)
    });
    return null;
  });
}

/** Says where the code of a result is not what was submitted: whoever looks at it may take it for that. */
async function compareCode(disk: Disk, { codeDigest }: JobRecord, file: string): Promise<Note[]> {
  if (codeDigest === null) {
    return [];
  }
  const opened = await disk.openFile(file);
  try {
    const digest = await codeDigestOf(opened.chunks());
    if (digest === null) {
      return [{ code: 'code-not-compared' }];
    }
    return digest === codeDigest ? [] : [{ code: 'other-code' }];
  } finally {
    await opened.close();
  }
}

/** Brings files, then empty folders and links; what is wrong with one keeps no other back. */
export async function bringFiles(
  { diskOf, jobs }: Bringing,
  shell: ClusterShell,
  id: string,
  place: string,
  { files, folders, links }: Missing
): Promise<{ come: HereFile[]; folder: string | null; failed: LeftFile[] }> {
  const record = jobs.get(id);
  const { result, spec } = record;
  const target = result.folder ?? resultPaths(spec.notebook, id, place).folder;
  const failed: LeftFile[] = [];
  const come: HereFile[] = [];
  const folder = await staged(
    diskOf(place, 'place'),
    place,
    id,
    jobs.mark,
    async (staging, disk) => {
      const wanted = files.map(file => ({ ...file, path: `files/${file.path}` }));
      const reasons = await download(shell, disk, record, wanted, staging);
      const results = await FilesFolder.find(disk, target, staging);
      // Where what came before lies in a folder that has become somebody else's, the new one lies beside it.
      const from = result.folder ?? results.root;
      const seen = (name: string): string => path.relative(from, path.join(results.root, name));
      const arrived = files.filter(file => !reasons.has(`files/${file.path}`));
      const placed =
        arrived.length > 0
          ? await placeFolder(path.join(staging, 'files'), results)
          : new Map<string, string>();
      for (const { path: name, bytes, cell } of files) {
        const why = reasons.get(`files/${name}`);
        if (why !== undefined) {
          failed.push(leave({ path: name, bytes, cell }, why));
        } else {
          come.push({
            ...named(name, seen(placed.get(name) ?? name)),
            bytes,
            ...(cell !== undefined && { cell })
          });
        }
      }
      for (const { path: name } of folders) {
        const made = await makeFolder(results, name);
        if ('why' in made) {
          failed.push(leave({ path: name }, made.why));
        } else {
          come.push({ ...named(name, `${seen(made.path)}/`), bytes: 0 });
        }
      }
      const earlier = links.length > 0 ? jobs.allFiles(id, 'here') : [];
      const names = namesOf(come, earlier, name =>
        path.relative(results.root, path.join(from, name))
      );
      const { left, made } = await placeLinks(results, links, names);
      failed.push(...left);
      come.push(
        ...made.map(({ bytes, from: given, path: name }) => ({
          ...named(given ?? name, seen(name)),
          bytes
        }))
      );
      return from;
    }
  );
  return {
    come,
    folder: come.length > 0 ? folder : result.folder,
    failed
  };
}

/** What came under another name than its own, as it is seen from where links are made. */
function namesOf(
  come: readonly HereFile[],
  earlier: Iterable<HereFile>,
  seen: (name: string) => string
): Map<string, string> {
  const names = new Map<string, string>();
  for (const files of [earlier, come]) {
    for (const { from, path: name } of files) {
      if (from !== undefined) {
        names.set(from, seen(name));
      }
    }
  }
  return names;
}

/** A path with the name that the job gave, where that is another. */
function named(name: string, got: string): { path: string; from?: string } {
  return { path: got, ...(got !== name && { from: name }) };
}

/** Something that is left, and why; without a reason for its size. */
export function leave(
  { bytes = 0, cell, path: name }: { path: string; bytes?: number; cell?: number | undefined },
  reason?: LeftReason
): LeftFile {
  return {
    path: name,
    bytes,
    ...(cell !== undefined && { cell }),
    ...(reason !== undefined && { reason })
  };
}

async function makeFolder(
  results: FilesFolder,
  name: string
): Promise<{ path: string } | { why: LeftReason }> {
  try {
    const made = await results.make(path.normalize(name).replace(/\/$/, ''));
    return { path: path.relative(results.root, made) };
  } catch (error) {
    if (isAboutName(error)) {
      return { why: 'name' };
    }
    throw error;
  }
}

async function staged<T>(
  disk: Disk,
  place: string,
  id: string,
  mark: string,
  work: (staging: string, disk: Disk) => Promise<T>
): Promise<T> {
  const staging = await makeStaging(disk, place, id, mark);
  try {
    return await work(staging, disk);
  } finally {
    await clearStaging(disk, place, id, mark);
  }
}
