/**
 * What this room may know of the file system: the notebook's own folder and what lies below it.
 *
 * Paths are relative to that folder, '/'-separated, without `.`, `..`, doubled or trailing slashes;
 * '' is the folder itself. No method throws for a path that is missing, unreadable or impossible.
 */
export interface Folder {
  /** its own name, by which code may come back to it: `../name/x` */
  name?: string;

  /**
   * What `path` is, links followed; null where there is nothing. A link back to a folder above itself
   * must be null, or a walk would see the same files again and again.
   */
  stat(path: string): Promise<FolderEntry | null>;

  /** The names in the folder `path`; empty where it is no folder. */
  list(path: string): Promise<string[]>;

  /** The text of a file; null where it can't be read as UTF-8. */
  read(path: string): Promise<string | null>;

  /**
   * What a path that leads out of the folder (`../x`, `/abs/x`, `~/x`) is, seen from it; null where
   * there is nothing. Without this method nothing outside is ever named.
   */
  outside?(path: string): Promise<FolderEntry['kind'] | null>;
}

export interface FolderEntry {
  kind: 'file' | 'folder';
  /** 0 for a folder */
  bytes: number;
}
