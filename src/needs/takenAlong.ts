import { companionsOf, prefixedFiles } from './companions';
import { childPath } from './folderView';
import type { FolderView } from './folderView';
import type { LiteralPath } from './literalPath';
import { ownFolderContent } from './ownFolder';

/** What a notebook needs beside it, while it is being found. Each thing is kept as it was first met. */
export class TakenAlong {
  constructor(notebookName: string, view: FolderView) {
    this.notebookName = notebookName;
    this.view = view;
  }

  get files(): NeededFile[] {
    return [...this.byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** The folders that no file brings with it. */
  get folders(): string[] {
    const brought = new Set([...this.byPath.keys()].flatMap(foldersAbove));
    return [...this.kept].filter(folder => !brought.has(folder)).sort();
  }

  get notTakenAlong(): NotTakenAlong[] {
    return [...this.outside.values()];
  }

  get skipped(): Skipped[] {
    return [...this.left.values()];
  }

  /** A file, or a folder with all below; a package's hidden files stay. Nothing where nothing is. */
  async take(path: string, why: NeededFile['why'], place: Place): Promise<void> {
    const entry = await this.view.entry(path);
    if (entry?.kind === 'file') {
      await this.addFile(path, entry.bytes, why);
    } else if (entry?.kind === 'folder') {
      await this.takeFolder(path, why, place);
    }
  }

  /** What it took. */
  async takeMatches(pattern: string, place: Place): Promise<string[]> {
    const paths = await this.view.matches(pattern);
    if (paths === null) {
      this.skip({ ...place, why: 'too-many', named: pattern });
    }
    for (const path of paths ?? []) {
      await this.take(path, 'literal', place);
    }
    return paths ?? [];
  }

  /** Files of a name that no file has as it is: TensorFlow's `model.ckpt`, whose files end in more. */
  async takePrefixed(path: string, place: Place): Promise<void> {
    const { folder, name } = split(path);
    for (const file of prefixedFiles(name, await this.view.names(folder))) {
      await this.take(childPath(folder, file), 'companion', place);
    }
  }

  /**
   * All that lies beside the notebook, because the code, `text`, lists it. Where that is too much: what
   * ends in one of `endings`, which the code names as well, and a word that it wasn't all.
   */
  async takeOwnFolder(text: string, endings: readonly string[], place: Place): Promise<void> {
    const { files, emptyFolders, isWhole } = await ownFolderContent(this.view, endings);
    for (const file of files) {
      await this.addFile(file.path, file.bytes, 'listing');
    }
    for (const folder of emptyFolders) {
      this.kept.add(folder);
    }
    if (!isWhole) {
      this.skip({ ...place, why: 'too-many', named: text });
    }
  }

  /** Has the folder `path` be there, if it is one, with or without files. */
  async keepFolder(path: string): Promise<void> {
    if (path !== '' && (await this.view.entry(path))?.kind === 'folder') {
      this.kept.add(path);
    }
  }

  /**
   * Whether something is there, outside; that is worth a word, and so is a file that is to be written
   * where a job has no such folder. Beside the notebook's folder it has: there the folder is made.
   */
  async addOutside(
    literal: string,
    { path, why, folder }: LiteralPath & { kind: 'outside' },
    place: Place
  ): Promise<boolean> {
    const kind = await this.view.outside(path);
    const isWritable =
      folder !== null && kind !== 'folder' && (await this.view.outside(folder)) === 'folder';
    const isTemplate = folder === path && kind === 'folder';
    const isBeside =
      folder !== null && why === 'outside' && /^\.\.($|\/(?!\.\.(\/|$)))/.test(folder);
    if (isBeside && folder !== '..' && (isWritable || isTemplate)) {
      this.kept.add(folder);
    }
    const isMissed = kind !== null || (isWritable && !isBeside);
    if (isMissed && !this.outside.has(literal)) {
      this.outside.set(literal, { ...place, literal, why });
    }
    return kind !== null;
  }

  skip(skipped: Skipped): void {
    const key = skipped.named ?? `${skipped.cell} ${skipped.file}`;
    if (!this.left.has(key)) {
      this.left.set(key, skipped);
    }
  }

  private readonly notebookName: string;
  private readonly view: FolderView;
  private readonly byPath = new Map<string, NeededFile>();
  private readonly kept = new Set<string>();
  private readonly outside = new Map<string, NotTakenAlong>();
  private readonly left = new Map<string, Skipped>();
  private readonly walked = new Set<string>();

  private async takeFolder(path: string, why: NeededFile['why'], place: Place): Promise<void> {
    const hidden = why !== 'import';
    const walk = `${path}/ ${hidden}`;
    if (this.walked.has(walk)) {
      return;
    }
    this.walked.add(walk);
    const content = await this.view.below(path, { hidden });
    if (content === null) {
      this.skip({ ...place, why: 'too-many', named: path });
    }
    for (const file of content?.files ?? []) {
      await this.addFile(file.path, file.bytes, why);
    }
    for (const empty of content?.emptyFolders ?? []) {
      this.kept.add(empty);
    }
  }

  private async addFile(path: string, bytes: number, why: NeededFile['why']): Promise<void> {
    if (!this.put(path, bytes, why)) {
      return;
    }
    const { folder, name } = split(path);
    for (const companion of await companionsOf(name, () => this.view.names(folder))) {
      const other = childPath(folder, companion);
      const entry = await this.view.entry(other);
      if (entry?.kind === 'file') {
        this.put(other, entry.bytes, 'companion');
      } else if (entry) {
        await this.takeFolder(other, 'companion', { cell: null, file: path });
      }
    }
  }

  /** Whether it wasn't there before. */
  private put(path: string, bytes: number, why: NeededFile['why']): boolean {
    const isNew = path !== this.notebookName && !this.byPath.has(path);
    if (isNew) {
      this.byPath.set(path, { path, bytes, why });
    }
    return isNew;
  }
}

export interface NeededFile {
  /** relative to the notebook's folder, '/'-separated */
  path: string;
  bytes: number;
  /** what asked for it first */
  why: 'import' | 'literal' | 'run' | 'listing' | 'companion';
}

/** Where something stands: in a cell of the notebook, or in a file that is taken along. */
export interface Place {
  /** 1-based, among the code cells that are to run */
  cell: number | null;
  file: string | null;
}

export interface NotTakenAlong extends Place {
  /** as it stands in the code, `*` for an f-string's substitutions */
  literal: string;
  why: 'outside' | 'absolute';
}

export interface Skipped extends Place {
  /**
   * too-large: the cell or file isn't read; too-many: `named`, a folder or glob, covers more files
   * than are taken along by themselves
   */
  why: 'too-large' | 'too-many';
  named: string | null;
}

function split(path: string): { folder: string; name: string } {
  const slash = path.lastIndexOf('/');
  return { folder: path.slice(0, Math.max(0, slash)), name: path.slice(slash + 1) };
}

function foldersAbove(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}
