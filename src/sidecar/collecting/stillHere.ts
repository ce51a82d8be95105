import path from 'node:path';
import type { JobRecord } from '../../api/job';
import { type HereFile, NO_FILES, withFiles } from '../../api/resultFiles';
import type { Jobs } from '../records/jobs';
import { diskOf } from '../files/disk';
import { isThere } from '../files/place';

/** So many files are asked about at a time. */
const PAGE = 200;

/**
 * Takes out of a record what a person has removed or moved since it came, so that it comes again: who asks for a result
 * wants it here, and would be told of names that nothing has. What has another content now is theirs, and stays.
 *
 * @param names The files that are asked for; null for all, and the notebook.
 * @throws ProblemError where the disk does not answer.
 */
export async function forgetGone(
  { jobs }: { jobs: Jobs },
  id: string,
  names: readonly string[] | null
): Promise<void> {
  const { result } = jobs.get(id);
  const isNotebookGone =
    names === null &&
    result.notebook !== null &&
    !(await isThere(diskOf(path.dirname(result.notebook), 'read'), result.notebook));
  const come: HereFile[] = [...jobs.allFiles(id, 'here')];
  const here = await stillHere(result, come, names);
  if (!isNotebookGone && here.length === come.length) {
    return;
  }
  const change: Partial<JobRecord['result']> = {
    ...(isNotebookGone && { notebook: null }),
    ...(here.length === 0 && { folder: null }),
    files: withFiles(NO_FILES, here)
  };
  const left = [...jobs.allFiles(id, 'left')];
  jobs.update(id, { result: { ...result, ...change } }, { forget: true, come: here, left });
}

async function stillHere(
  { folder }: JobRecord['result'],
  come: readonly HereFile[],
  names: readonly string[] | null
): Promise<HereFile[]> {
  if (folder === null || come.length === 0) {
    return [...come];
  }
  const disk = diskOf(folder, 'read');
  const asked = names === null ? null : new Set(names);
  const here: HereFile[] = [];
  for (let at = 0; at < come.length; at += PAGE) {
    const page = come.slice(at, at + PAGE);
    const found = await Promise.all(
      page.map(
        async ({ from, path: name }) =>
          (asked !== null && !asked.has(from ?? name)) ||
          (await isThere(disk, path.join(folder, name)))
      )
    );
    here.push(...page.filter((_, index) => found[index]));
  }
  return here;
}
