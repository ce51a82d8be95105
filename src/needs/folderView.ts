import type { Folder, FolderEntry } from './folder';
import { matchName } from './glob';
import { isLeftOut } from './leftOut';

/** No more than this many files and folders are taken along out of one folder that the code names. */
export const MAX_ENTRIES = 10_000;

/**
 * A folder that is asked again and again: remembers its answers, and finds what isn't there by the
 * names in the folder above, so that a cell with thousands of words costs one listing.
 */
export class FolderView {
  constructor(folder: Folder) {
    this.folder = folder;
  }

  /** null for what isn't there, and for what no job takes along. */
  async entry(path: string): Promise<FolderEntry | null> {
    const known = this.entries.get(path);
    if (known) {
      return known;
    }
    const asked = this.look(path);
    this.entries.set(path, asked);
    return asked;
  }

  async names(path: string): Promise<ReadonlySet<string>> {
    const known = this.listings.get(path);
    if (known) {
      return known;
    }
    const asked = this.folder.list(path).then(names => new Set(names));
    this.listings.set(path, asked);
    return asked;
  }

  async read(path: string): Promise<string | null> {
    return this.folder.read(path);
  }

  get name(): string | undefined {
    return this.folder.name;
  }

  async outside(path: string): Promise<FolderEntry['kind'] | null> {
    return (await this.folder.outside?.(path)) ?? null;
  }

  /**
   * The files below the folder `path`, and those folders that hold nothing; null where there are more
   * than MAX_ENTRIES. Hidden ones only where `hidden`: a package needs none, a Zarr store lives of them.
   */
  async below(path: string, { hidden }: { hidden: boolean }): Promise<FolderContent | null> {
    const content: FolderContent = { files: [], emptyFolders: [] };
    const open = [path];
    let seen = 0;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const folder = next;
      const names = [...(await this.names(folder))].filter(name => hidden || !name.startsWith('.'));
      seen += names.length;
      if (seen > MAX_ENTRIES) {
        return null;
      }
      const inside = await Promise.all(
        names.map(async name => {
          const child = childPath(folder, name);
          return { path: child, entry: await this.entry(child) };
        })
      );
      const present = inside.filter(({ entry }) => entry !== null);
      for (const { path: child, entry } of present) {
        if (entry?.kind === 'file') {
          content.files.push({ path: child, bytes: entry.bytes });
        } else {
          open.push(child);
        }
      }
      if (present.length === 0) {
        content.emptyFolders.push(folder);
      }
    }
    return content;
  }

  /** What a glob finds, `**` in any depth; null where more than MAX_ENTRIES had to be looked at. */
  async matches(pattern: string): Promise<string[] | null> {
    let found = new Set(['']);
    for (const segment of pattern.split('/')) {
      const next = new Set<string>();
      for (const folder of found) {
        const below = await this.matchesIn(folder, segment);
        for (const path of below ?? []) {
          next.add(path);
        }
        if (below === null || next.size > MAX_ENTRIES) {
          return null;
        }
      }
      found = next;
    }
    return [...found];
  }

  private readonly folder: Folder;
  private readonly entries = new Map<string, Promise<FolderEntry | null>>();
  private readonly listings = new Map<string, Promise<ReadonlySet<string>>>();

  private async look(path: string): Promise<FolderEntry | null> {
    if (path === '') {
      return { kind: 'folder', bytes: 0 };
    }
    if (isLeftOut(path)) {
      return null;
    }
    const slash = path.lastIndexOf('/');
    const parent = path.slice(0, Math.max(0, slash));
    if ((await this.entry(parent))?.kind !== 'folder') {
      return null;
    }
    return (await this.names(parent)).has(path.slice(slash + 1)) ? this.folder.stat(path) : null;
  }

  private async matchesIn(folder: string, segment: string): Promise<string[] | null> {
    if (segment === '**') {
      return this.foldersBelow(folder);
    }
    const names = [...(await this.names(folder))].filter(name => matchName(segment, name));
    const paths = names.map(name => childPath(folder, name));
    const entries = await Promise.all(paths.map(async path => this.entry(path)));
    return paths.filter((_, index) => entries[index] !== null);
  }

  /** `folder` itself and the folders below it, hidden ones left out as glob does. */
  private async foldersBelow(folder: string): Promise<string[] | null> {
    const content = await this.below(folder, { hidden: false });
    if (!content) {
      return null;
    }
    const depth = folder === '' ? 0 : folder.split('/').length;
    const folders = new Set([folder, ...content.emptyFolders]);
    for (const { path } of content.files) {
      const segments = path.split('/');
      for (let length = depth + 1; length < segments.length; length += 1) {
        folders.add(segments.slice(0, length).join('/'));
      }
    }
    return [...folders];
  }
}

export interface FoundFile {
  path: string;
  bytes: number;
}

export interface FolderContent {
  files: FoundFile[];
  emptyFolders: string[];
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function childPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
