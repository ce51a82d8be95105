import { isParallelMagic, readCell } from './cellSource';
import type { Magic } from './cellSource';
import type { Folder } from './folder';
import { FolderView } from './folderView';
import { literalPath } from './literalPath';
import { magicNeeds } from './magicFiles';
import { moduleFiles } from './moduleFiles';
import { readNotebook } from './notebook';
import type { Notebook } from './notebook';
import { readPython } from './pythonReader';
import type { PythonCode, PythonImport } from './pythonReader';
import { TakenAlong } from './takenAlong';
import type { NeededFile, NotTakenAlong, Place, Skipped } from './takenAlong';

/** In characters. Longer cells and modules aren't read: the parser takes 3 ms per 1000 characters. */
export const MAX_SOURCE_LENGTH = 200_000;

/**
 * The files and folders that a notebook needs beside it, found by reading it: what it imports or
 * runs from its own folder, what these import, and the strings, in all of them, that name existing
 * files or folders there (literalPath says which strings). Reading never fails: code that doesn't
 * parse, or isn't Python, names nothing.
 *
 * `name` is the notebook's file name in `folder`; it isn't among its own needs.
 */
export async function notebookNeeds(
  notebook: Notebook,
  name: string,
  folder: Folder
): Promise<Needs> {
  const view = new FolderView(folder);
  const taken = new TakenAlong(name, view);
  const search = new Search(view, taken);
  await search.readCells(notebook, cell => ({ cell, file: null }), { roots: [''], folder: '' });
  return {
    language: notebook.language,
    kernel: notebook.kernel,
    usesIpyparallel: search.usesIpyparallel,
    files: taken.files,
    folders: taken.folders,
    notTakenAlong: taken.notTakenAlong,
    skipped: taken.skipped
  };
}

export interface Needs {
  /** in lower case */
  language: string;
  /** the kernelspec's name; null where the notebook names none */
  kernel: string | null;
  usesIpyparallel: boolean;
  /** by path, each once; folders that are needed are here as their files */
  files: NeededFile[];
  /**
   * Folders that have to be there although no file of theirs is taken along, because a file is to be
   * written in them (`savefig('figures/a.png')`) or because they are empty; by path.
   */
  folders: string[];
  /** what the code names, and what exists, outside of the notebook's folder */
  notTakenAlong: NotTakenAlong[];
  /** what wasn't looked into, so that something may be missing above */
  skipped: Skipped[];
}

/** Where the code's imports are looked for. */
interface Surroundings {
  /** sys.path */
  roots: readonly string[];
  /** the code's own folder, for relative imports */
  folder: string;
}

interface Reading extends Surroundings {
  place: Place;
}

/** One search, from the cells on through all that they need; each Python file is read once. */
class Search {
  constructor(view: FolderView, taken: TakenAlong) {
    this.view = view;
    this.taken = taken;
  }

  usesIpyparallel = false;

  async readCells(
    { language, cells }: Notebook,
    placeOf: (cell: number) => Place,
    surroundings: Surroundings
  ): Promise<void> {
    if (!/^i?python\d*$/.test(language)) {
      return;
    }
    for (const { number, source } of cells) {
      await this.readCellSource(source, { ...surroundings, place: placeOf(number) });
    }
  }

  private readonly view: FolderView;
  private readonly taken: TakenAlong;
  private readonly seen = new Set<string>();

  private async readCellSource(source: string, reading: Reading): Promise<void> {
    if (this.isTooLarge(source, reading)) {
      return;
    }
    const { python, magics } = readCell(source);
    for (const magic of magics) {
      await this.addMagic(magic, reading);
    }
    if (python !== null) {
      await this.addCode(readPython(python), reading);
    }
  }

  private async readFile(path: string, roots: readonly string[]): Promise<void> {
    if (this.seen.has(path)) {
      return;
    }
    this.seen.add(path);
    const reading = { place: { cell: null, file: path }, roots, folder: folderOf(path) };
    const bytes = (await this.view.entry(path))?.bytes ?? 0;
    const isNotebook = path.endsWith('.ipynb');
    if (bytes > (isNotebook ? MAX_NOTEBOOK_BYTES : 3 * MAX_SOURCE_LENGTH)) {
      this.taken.skip({ ...reading.place, why: 'too-large', named: null });
      return;
    }
    const text = await this.view.read(path);
    if (text === null) {
      return;
    }
    if (isNotebook) {
      const notebook = readNotebook(text);
      if (notebook.kind === 'notebook') {
        await this.readCells(notebook, () => reading.place, reading);
      }
    } else if (path.endsWith('.ipy')) {
      await this.readCellSource(text, reading);
    } else if (!this.isTooLarge(text, reading)) {
      await this.addCode(readPython(text), reading);
    }
  }

  private isTooLarge(source: string, { place }: Reading): boolean {
    if (source.length <= MAX_SOURCE_LENGTH) {
      return false;
    }
    this.taken.skip({ ...place, why: 'too-large', named: null });
    // Engines that nobody uses cost little; a cell that needs them and finds none fails.
    this.usesIpyparallel ||= /\bipyparallel\b|^[ \t]*%{1,2}(px|autopx)/m.test(source);
    return true;
  }

  private async addMagic(magic: Magic, reading: Reading): Promise<void> {
    this.usesIpyparallel ||= isParallelMagic(magic.name);
    const { run, modules, words } = magicNeeds(magic);
    if (run !== null) {
      await this.addScript(run, reading);
    }
    for (const module of modules) {
      await this.addImport({ level: 0, module, names: [] }, reading);
    }
    for (const word of words) {
      await this.addLiteral([word], reading);
    }
  }

  private async addCode({ imports, literals }: PythonCode, reading: Reading): Promise<void> {
    for (const one of imports) {
      await this.addImport(one, reading);
    }
    for (const parts of literals) {
      await this.addLiteral(parts, reading);
    }
  }

  private async addImport(one: PythonImport, reading: Reading): Promise<void> {
    this.usesIpyparallel ||= one.level === 0 && /^ipyparallel(\.|$)/.test(one.module);
    const { taken, read } = await moduleFiles(this.view, one, reading);
    for (const path of taken) {
      await this.taken.take(path, 'import', reading.place);
    }
    for (const path of read) {
      await this.readFile(path, reading.roots);
    }
  }

  private async addScript(target: string, reading: Reading): Promise<void> {
    // %run takes `x` for `x.py` where there is no file `x`.
    for (const name of [target, `${target}.py`]) {
      const named = literalPath([name]);
      if (named?.kind === 'outside' && (await this.taken.addOutside(name, named, reading.place))) {
        return;
      }
      const path = named?.kind === 'inside' ? named.path : null;
      if (path !== null && (await this.view.entry(path))?.kind === 'file') {
        await this.taken.take(path, 'run', reading.place);
        await this.readScript(path, reading);
        return;
      }
    }
  }

  /** A file that is run as a program imports from its own folder first. */
  private async readScript(path: string, { roots }: Reading): Promise<void> {
    await this.readFile(path, [folderOf(path), ...roots]);
  }

  private async addLiteral(parts: readonly string[], reading: Reading): Promise<void> {
    const named = literalPath(parts);
    if (named?.kind === 'outside') {
      await this.taken.addOutside(parts.join('*'), named, reading.place);
    } else if (named) {
      await this.addInside(named.path, named.pattern, reading);
    }
  }

  private async addInside(
    path: string | null,
    pattern: string | null,
    reading: Reading
  ): Promise<void> {
    const entry = path === null ? null : await this.view.entry(path);
    if (path !== null && entry) {
      await this.taken.take(path, 'literal', reading.place);
      if (entry.kind === 'file' && path.endsWith('.py')) {
        // subprocess.run(['python', 'x.py']), view.run('x.py')
        await this.readScript(path, reading);
      }
      return;
    }
    if (pattern !== null) {
      await this.taken.takeMatches(pattern, reading.place);
    }
    // A file that isn't there yet is to be written: its folder has to exist.
    await this.taken.keepFolder(folderOf(pattern === null ? (path ?? '') : fixedPart(pattern)));
  }
}

/** Only for a notebook that another one runs. Most of a large one is outputs, which aren't parsed as code. */
const MAX_NOTEBOOK_BYTES = 50_000_000;

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A glob up to its first sign. */
function fixedPart(pattern: string): string {
  return pattern.replace(/[*?[].*$/s, '');
}
