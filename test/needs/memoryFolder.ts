import type { Folder } from '../../src/needs/folder';

/**
 * A folder whose files are `files`: their text, or their size where the text doesn't matter. A name
 * that ends in '/' is an empty folder. `outside` is what exists beyond it, folders with '/' behind. `asked` counts the calls.
 */
export function memoryFolder(
  files: Record<string, string | number>,
  outside: string[] = []
): Folder & { asked: { stat: number; list: number; read: string[] } } {
  const folders = new Map<string, Set<string>>([['', new Set()]]);
  for (const path of Object.keys(files)) {
    const segments = path.split('/');
    segments.forEach((name, index) => {
      const parent = segments.slice(0, index).join('/');
      folders.set(parent, folders.get(parent) ?? new Set());
      if (name !== '') {
        folders.get(parent)?.add(name);
      }
    });
  }
  const asked = { stat: 0, list: 0, read: [] as string[] };
  return {
    asked,
    async stat(path) {
      asked.stat += 1;
      const file = files[path];
      if (file !== undefined) {
        return { kind: 'file', bytes: typeof file === 'number' ? file : file.length };
      }
      return folders.has(path) ? { kind: 'folder', bytes: 0 } : null;
    },
    async list(path) {
      asked.list += 1;
      return [...(folders.get(path) ?? [])];
    },
    async read(path) {
      asked.read.push(path);
      const file = files[path];
      return typeof file === 'string' ? file : null;
    },
    async outside(path) {
      return outside.includes(`${path}/`) ? 'folder' : outside.includes(path) ? 'file' : null;
    }
  };
}
