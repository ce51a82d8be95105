import path from 'node:path';
import type { Disk } from '../files/disk';
import { isThere, numbered } from '../files/place';

/**
 * The folder for the files of a result, beside its notebook. Nothing goes through a link, or into a folder of another
 * account: in a folder that several people share, somebody may have put one there to get what comes.
 */
export class FilesFolder {
  private readonly made = new Map<string, Promise<string>>();

  private constructor(
    readonly disk: Disk,
    /** Its path; nothing needs to be there yet. */
    readonly root: string,
    private readonly uid: number
  ) {}

  /**
   * @param target The name that it should have; with a number where something else is there.
   * @param staging A folder that we have just made there: whom ours belong to, a file server decides.
   */
  static async find(disk: Disk, target: string, staging: string): Promise<FilesFolder> {
    const { uid } = await disk.stat(staging);
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? target : numbered(target, number);
      if (!(await isThere(disk, name)) || (await isOurs(disk, name, uid))) {
        return new FilesFolder(disk, name, uid);
      }
    }
  }

  /** The folder of a path in it, made where it is missing; under another name where something else has that. */
  make(relative: string): Promise<string> {
    const known = this.made.get(relative);
    if (known) {
      return known;
    }
    const made = relative === '.' ? this.makeRoot() : this.makeBelow(relative);
    this.made.set(relative, made);
    return made;
  }

  private async makeRoot(): Promise<string> {
    const isMade = await this.makeOne(this.root);
    if (!isMade) {
      throw new Error(`something else has just been put to ${this.root}`);
    }
    return this.root;
  }

  private async makeBelow(relative: string): Promise<string> {
    const wanted = path.join(await this.make(path.dirname(relative)), path.basename(relative));
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? wanted : numbered(wanted, number);
      if (await this.makeOne(name)) {
        return name;
      }
    }
  }

  /** Whether the folder is there now, and ours. */
  private async makeOne(folder: string): Promise<boolean> {
    try {
      await this.disk.mkdir(folder);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
        return isOurs(this.disk, folder, this.uid);
      }
      throw error;
    }
  }
}

async function isOurs(disk: Disk, folder: string, uid: number): Promise<boolean> {
  const found = await disk.lstat(folder);
  return found.isDirectory() && found.uid === uid;
}
