import { childPath } from './folderView';
import type { FolderView } from './folderView';
import type { PythonImport } from './pythonImports';

/**
 * Where an import leads, below the notebook's folder. Nothing for what is installed elsewhere.
 *
 * `roots` are the folders that stand for sys.path, the first one first; `folder` is the importing
 * file's own, for relative imports. As in Python a package with `__init__.py` wins over `name.py`,
 * and both over a plain folder, which counts only where Python files are in it: a folder `json` of
 * data must not be taken for the module. A relative import that leaves the notebook's folder leads
 * nowhere.
 */
export async function moduleFiles(
  view: FolderView,
  { level, module, names }: PythonImport,
  { roots, folder }: { roots: readonly string[]; folder: string }
): Promise<ModuleFiles> {
  const base = level === 0 ? null : parentFolder(folder, level - 1);
  if (level > 0 && base === null) {
    return { taken: [], read: [] };
  }
  const searched = base === null ? roots : [base];
  // `from . import a, b` names modules beside this file
  const dotted = (module === '' ? names : [module]).filter(isName);
  const found = await Promise.all(
    dotted.map(async name => oneModule(view, name.split('.'), module === '' ? [] : names, searched))
  );
  return { taken: found.flatMap(({ taken }) => taken), read: found.flatMap(({ read }) => read) };
}

export interface ModuleFiles {
  /** module files, and package folders to be taken whole */
  taken: string[];
  /** the Python files that the import runs, all of them taken */
  read: string[];
}

/** importlib takes names that an import statement couldn't, such as `my-module`, but no paths. */
function isName(dotted: string): boolean {
  return dotted.split('.').every(name => name !== '' && !name.includes('/'));
}

function parentFolder(folder: string, levels: number): string | null {
  const segments = folder === '' ? [] : folder.split('/');
  return levels > segments.length ? null : segments.slice(0, segments.length - levels).join('/');
}

async function oneModule(
  view: FolderView,
  [top = '', ...inner]: string[],
  names: string[],
  roots: readonly string[]
): Promise<ModuleFiles> {
  let plainFolder: string | null = null;
  for (const root of roots) {
    const path = childPath(root, top);
    if (await isFile(view, `${path}/__init__.py`)) {
      return { taken: [path], read: await packageFiles(view, path, inner, names) };
    }
    if (await isFile(view, `${path}.py`)) {
      return { taken: [`${path}.py`], read: [`${path}.py`] };
    }
    const compiled = await compiledModule(view, root, top);
    if (compiled !== null) {
      return { taken: [compiled], read: [] };
    }
    plainFolder ??= (await holdsPython(view, path)) ? path : null;
  }
  return plainFolder === null
    ? { taken: [], read: [] }
    : { taken: [plainFolder], read: await packageFiles(view, plainFolder, inner, names) };
}

/** The `__init__.py` of each package on the way, the module, and the submodules that are taken out of it. */
async function packageFiles(
  view: FolderView,
  top: string,
  inner: string[],
  names: string[]
): Promise<string[]> {
  const files = [`${top}/__init__.py`];
  let path = top;
  for (const name of inner) {
    path = childPath(path, name);
    files.push(`${path}/__init__.py`, `${path}.py`);
  }
  for (const name of names) {
    files.push(`${path}/${name}.py`, `${path}/${name}/__init__.py`);
  }
  const there = await Promise.all(files.map(async file => isFile(view, file)));
  return files.filter((_, index) => there[index] === true);
}

async function isFile(view: FolderView, path: string): Promise<boolean> {
  return (await view.entry(path))?.kind === 'file';
}

/** `fast.cpython-312-x86_64-linux-gnu.so`, `fast.abi3.so`, `fast.so`, `fast.pyd` */
async function compiledModule(
  view: FolderView,
  root: string,
  name: string
): Promise<string | null> {
  for (const file of await view.names(root)) {
    const ending = file.startsWith(`${name}.`) ? file.slice(name.length) : '';
    if (/^(\.(cpython|abi3|cp)[\w-]*)?\.(so|pyd)$/.test(ending)) {
      return childPath(root, file);
    }
  }
  return null;
}

async function holdsPython(view: FolderView, path: string): Promise<boolean> {
  if ((await view.entry(path))?.kind !== 'folder') {
    return false;
  }
  const content = await view.below(path, { hidden: false });
  return content?.files.some(file => file.path.endsWith('.py')) ?? false;
}
