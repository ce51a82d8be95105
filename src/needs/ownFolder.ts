import { childPath } from './folderView';
import type { FolderContent, FolderView } from './folderView';
import { isNotMeant } from './leftOut';

/** No more than this goes along only because code lists the folder; more is asked for by name. */
export const MAX_LISTED_FILES = 1000;
export const MAX_LISTED_BYTES = 100_000_000;

/**
 * What lies beside the notebook, as far as it is little enough to go along unasked: all, else the
 * files there without those in folders, else those with one of `endings`. Hidden files, environments and
 * results of earlier jobs aren't what a listing is for.
 */
export async function ownFolderContent(
  view: FolderView,
  endings: readonly string[]
): Promise<FolderContent & { isWhole: boolean }> {
  const all = await walk(view, { isDeep: true, endings: null });
  if (all) {
    return { ...all, isWhole: true };
  }
  const part =
    (await walk(view, { isDeep: false, endings: null })) ??
    (await walk(view, { isDeep: false, endings }));
  return { files: part?.files ?? [], emptyFolders: [], isWhole: false };
}

/** null where it would be too much. */
async function walk(
  view: FolderView,
  { isDeep, endings }: { isDeep: boolean; endings: readonly string[] | null }
): Promise<FolderContent | null> {
  const content: FolderContent = { files: [], emptyFolders: [] };
  const open = [''];
  let bytes = 0;
  let seen = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const names = await view.names(folder);
    if (names.has('pyvenv.cfg') || names.has('conda-meta')) {
      continue;
    }
    const meant = [...names].filter(
      name =>
        !name.startsWith('.') &&
        !isNotMeant(name) &&
        (endings === null || endings.some(ending => name.endsWith(ending)))
    );
    seen += meant.length;
    if (seen > MAX_LISTED_FILES) {
      return null;
    }
    let count = 0;
    for (const name of meant) {
      const path = childPath(folder, name);
      const entry = await view.entry(path);
      count += entry ? 1 : 0;
      if (entry?.kind === 'file') {
        bytes += entry.bytes;
        content.files.push({ path, bytes: entry.bytes });
      } else if (entry && isDeep) {
        open.push(path);
      }
    }
    if (bytes > MAX_LISTED_BYTES) {
      return null;
    }
    if (count === 0 && folder !== '') {
      content.emptyFolders.push(folder);
    }
  }
  return content;
}
