import type { FolderView } from './folderView';
import type { LiteralPath } from './literalPath';

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
      this.addFile(path, entry.bytes, why);
    } else if (entry?.kind === 'folder') {
      await this.takeFolder(path, why, place);
    }
  }

  async takeMatches(pattern: string, place: Place): Promise<void> {
    const paths = await this.view.matches(pattern);
    if (paths === null) {
      this.skip({ ...place, why: 'too-many', named: pattern });
    }
    for (const path of paths ?? []) {
      await this.take(path, 'literal', place);
    }
  }

  /** Has the folder `path` be there, if it is one, with or without files. */
  async keepFolder(path: string): Promise<void> {
    if (path !== '' && (await this.view.entry(path))?.kind === 'folder') {
      this.kept.add(path);
    }
  }

  /** Whether something is there, outside; only that is worth a word. */
  async addOutside(
    literal: string,
    { path, why }: LiteralPath & { kind: 'outside' },
    place: Place
  ): Promise<boolean> {
    const exists = await this.view.isOutside(path);
    if (exists && !this.outside.has(literal)) {
      this.outside.set(literal, { ...place, literal, why });
    }
    return exists;
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
      this.addFile(file.path, file.bytes, why);
    }
    for (const empty of content?.emptyFolders ?? []) {
      this.kept.add(empty);
    }
  }

  private addFile(path: string, bytes: number, why: NeededFile['why']): void {
    if (path !== this.notebookName && !this.byPath.has(path)) {
      this.byPath.set(path, { path, bytes, why });
    }
  }
}

export interface NeededFile {
  /** relative to the notebook's folder, '/'-separated */
  path: string;
  bytes: number;
  /** what asked for it first */
  why: 'import' | 'literal' | 'run';
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

function foldersAbove(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}
