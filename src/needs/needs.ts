import type { Folder } from './folder';
import { FolderView } from './folderView';
import type { Notebook } from './notebook';
import { Search } from './search';
import { TakenAlong } from './takenAlong';
import type { NeededFile, NotTakenAlong, Skipped } from './takenAlong';

/**
 * The files and folders that a notebook needs beside it, found by reading it: what it imports or
 * runs from its own folder, what these import, and the strings, in all of them, that name existing
 * files or folders there (literalPath says which strings), the words of its shell commands
 * (shellCommands), what it lists (ownFolder), and what belongs to these files (companions, dataFiles).
 * Reading never fails: code that doesn't parse, or isn't Python, names nothing.
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
  await search.finish();
  return {
    language: notebook.language,
    kernel: notebook.kernel,
    usesIpyparallel: search.usesIpyparallel,
    usesMpi: search.usesMpi,
    enginesAsked: search.enginesAsked,
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
  /** whether the notebook, or a module of its own, uses MPI, so that its engines have to be ranks */
  usesMpi: boolean;
  /** the most engines that its code asks for at once by a number, as `Cluster(n=8)`; 0 where none says so */
  enginesAsked: number;
  /** by path, each once; folders that are needed are here as their files */
  files: NeededFile[];
  /**
   * Folders that have to be there although no file of theirs is taken along, because a file is to be
   * written in them (`savefig('figures/a.png')`) or because they are empty; by path. One that begins
   * with `../` lies beside the notebook's folder.
   */
  folders: string[];
  /** what the code names, and what exists, outside of the notebook's folder */
  notTakenAlong: NotTakenAlong[];
  /** what wasn't looked into, so that something may be missing above */
  skipped: Skipped[];
}
