import type { JobRecord } from '../../api/job';
import type { HereFile } from '../../api/resultFiles';
import type { Outputs } from './outputs';

/** What a job left and what is not here. */
export interface Missing extends Pick<Outputs, 'files' | 'folders' | 'links'> {
  notebook: boolean;
}

/**
 * Compares what is here with what the job directory has: something of another length is a later one, and missing.
 *
 * @param come The files in the files folder.
 */
export function missingOf(
  result: JobRecord['result'],
  come: Iterable<HereFile>,
  outputs: Outputs
): Missing {
  const here = new Map<string, number>();
  for (const { bytes, from, path } of come) {
    here.set(from ?? path, bytes);
  }
  const { files, folders, links, notebookBytes } = outputs;
  const isOther = result.notebookBytes !== undefined && result.notebookBytes !== notebookBytes;
  return {
    notebook: notebookBytes !== null && (result.notebook === null || isOther),
    files: files.filter(({ bytes, path }) => here.get(path) !== bytes),
    folders: folders.filter(({ path }) => !here.has(path)),
    links: links.filter(({ path }) => !here.has(path))
  };
}
