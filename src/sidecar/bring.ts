import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type ProblemError, problem } from '../api/problem';
import type { HereFile, LeftFile, LeftReason } from '../api/resultFiles';
import { resultPaths } from '../job/paths';
import type { Context } from './context';
import { download } from './download';
import type { Missing } from './missing';
import { makeStaging, placeFile, placeFolder } from './place';
import { placeLinks } from './placeLinks';
import type { Shell } from './remote/script';
import { isAboutName } from './unpack';

/**
 * Brings the executed notebook, and notes that it is here.
 *
 * @returns null, or why it cannot be read where it lies, which is no reason to leave the files there.
 */
export async function bringNotebook(
  { faults, jobs }: Context,
  shell: Shell,
  id: string,
  place: string
): Promise<ProblemError | null> {
  const record = jobs.get(id);
  return staged(place, id, jobs.mark, async staging => {
    const wanted = [{ source: 'result.ipynb', path: 'result.ipynb' }];
    const [why] = (await download(shell, record, wanted, staging)).values();
    if (why !== undefined) {
      return problem('result-unreadable', { cluster: record.cluster.title });
    }
    const file = path.join(staging, 'result.ipynb');
    const { size } = await stat(file);
    const target = resultPaths(record.spec.notebook, id, place).notebook;
    const notebook = await placeFile(faults, file, target);
    jobs.update(id, { result: { ...record.result, notebook, notebookBytes: size } });
    return null;
  });
}

/** Brings files, then empty folders and links; what is wrong with one keeps no other back. */
export async function bringFiles(
  { faults, jobs }: Context,
  shell: Shell,
  id: string,
  place: string,
  { files, folders, links }: Missing
): Promise<{ come: HereFile[]; folder: string | null; failed: LeftFile[] }> {
  const record = jobs.get(id);
  const { result, spec } = record;
  const folder = result.folder ?? resultPaths(spec.notebook, id, place).folder;
  const failed: LeftFile[] = [];
  const come: HereFile[] = [];
  await staged(place, id, jobs.mark, async staging => {
    const wanted = files.map(({ path: name, source }) => ({ source, path: `files/${name}` }));
    const reasons = await download(shell, record, wanted, staging);
    const arrived = files.filter(file => !reasons.has(`files/${file.path}`));
    const placed =
      arrived.length > 0
        ? await placeFolder(faults, path.join(staging, 'files'), folder)
        : new Map<string, string>();
    for (const { path: name, bytes, cell } of files) {
      const why = reasons.get(`files/${name}`);
      if (why !== undefined) {
        failed.push(leave({ path: name, bytes, cell }, why));
      } else {
        const got = placed.get(name) ?? name;
        come.push({
          path: got,
          bytes,
          ...(cell !== undefined && { cell }),
          ...(got !== name && { from: name })
        });
      }
    }
  });
  for (const { path: name } of folders) {
    const why = await makeFolder(path.join(folder, name));
    if (why === null) {
      come.push({ path: name, bytes: 0 });
    } else {
      failed.push(leave({ path: name }, why));
    }
  }
  const names = links.length > 0 ? namesOf(come, jobs.allFiles(id, 'here')) : new Map();
  const { left, made } = await placeLinks(faults, folder, links, names);
  failed.push(...left);
  come.push(...made);
  return {
    come,
    folder: come.length > 0 ? folder : result.folder,
    failed
  };
}

/** What came under another name than its own. */
function namesOf(come: readonly HereFile[], earlier: Iterable<HereFile>): Map<string, string> {
  const names = new Map<string, string>();
  for (const files of [earlier, come]) {
    for (const { from, path: name } of files) {
      if (from !== undefined) {
        names.set(from, name);
      }
    }
  }
  return names;
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

async function makeFolder(folder: string): Promise<LeftReason | null> {
  try {
    await mkdir(folder, { recursive: true });
    return null;
  } catch (error) {
    if (isAboutName(error)) {
      return 'name';
    }
    throw error;
  }
}

async function staged<T>(
  place: string,
  id: string,
  mark: string,
  work: (staging: string) => Promise<T>
): Promise<T> {
  const staging = await makeStaging(place, id, mark);
  try {
    return await work(staging);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
