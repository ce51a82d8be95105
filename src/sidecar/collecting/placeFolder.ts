import path from 'node:path';
import { isThere, placeFile } from '../files/place';
import type { FilesFolder } from './filesFolder';

/**
 * Moves every file below `staged` to the same place in the files folder; returns the paths that they got. Where nothing
 * is there yet, as mostly, the folder itself goes there in one step.
 */
export async function placeFolder(
  staged: string,
  results: FilesFolder
): Promise<Map<string, string>> {
  const { disk, root } = results;
  const entries = await disk.readdir(staged, { recursive: true, withFileTypes: true });
  const files = entries
    .filter(found => found.isFile())
    .map(entry => path.relative(staged, path.join(entry.parentPath, entry.name)));
  if (await movedWhole(staged, results)) {
    return new Map(files.map(file => [file, file]));
  }
  const placed = new Map<string, string>();
  for (const file of files) {
    const goal = path.join(await results.make(path.dirname(file)), path.basename(file));
    const name = await placeFile(disk, path.join(staged, file), goal);
    placed.set(file, path.relative(root, name));
  }
  return placed;
}

/** Only an empty folder could be replaced, should somebody make one meanwhile (rename(2)). */
async function movedWhole(staged: string, { disk, root }: FilesFolder): Promise<boolean> {
  if (await isThere(disk, root)) {
    return false;
  }
  return disk.rename(staged, root).then(
    () => true,
    () => false
  );
}
