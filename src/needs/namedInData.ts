import { MAX_DATA_BYTES, MAX_DATA_DEPTH, isDataFile, namesInData } from './dataFiles';
import { childPath, folderOf } from './folderView';
import type { FolderView } from './folderView';
import { literalPath } from './literalPath';
import type { Place, TakenAlong } from './takenAlong';

interface DataSearch {
  view: FolderView;
  taken: TakenAlong;
  /** files that have been read */
  seen: Set<string>;
}

/** Takes along what the text in the file `path` names, seen from its folder or from the notebook's. */
export async function takeNamedInData(
  path: string,
  search: DataSearch,
  place: Place,
  depth = 1
): Promise<void> {
  const { view, taken, seen } = search;
  const bytes = (await view.entry(path))?.bytes ?? 0;
  if (seen.has(path) || bytes > MAX_DATA_BYTES) {
    return;
  }
  seen.add(path);
  const text = await view.read(path);
  for (const { name, isFolder } of text === null ? [] : namesInData(text)) {
    for (const base of new Set([folderOf(path), ''])) {
      const named = literalPath([name.startsWith('/') ? name : childPath(base, name)]);
      const inside = named?.kind === 'inside' ? named.path : null;
      const kind = inside === null ? null : (await view.entry(inside))?.kind;
      if (inside !== null && (kind === 'file' || (kind === 'folder' && isFolder))) {
        await taken.take(inside, 'companion', place);
        if (isDataFile(inside) && depth < MAX_DATA_DEPTH) {
          await takeNamedInData(inside, search, place, depth + 1);
        }
      } else if (named?.kind === 'outside' && /\.\w+$/.test(name)) {
        await taken.addOutside(name, named, { cell: null, file: path });
      }
    }
  }
}
