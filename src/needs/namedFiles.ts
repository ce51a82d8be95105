import { isDataFile } from './dataFiles';
import { folderOf } from './folderView';
import type { FolderView } from './folderView';
import { fixedPart } from './glob';
import { literalPath } from './literalPath';
import { takeNamedInData } from './namedInData';
import type { Place, TakenAlong } from './takenAlong';

/** Where the code's imports are looked for. */
export interface Surroundings {
  /** sys.path */
  roots: readonly string[];
  /** the code's own folder, for relative imports */
  folder: string;
}

/** What is being read: where it stands, and where its imports are looked for. */
export interface Reading extends Surroundings {
  place: Place;
}

/** The files that strings of code name, as they are met: they go along, and those that say something themselves are read. */
export class NamedFiles {
  constructor(
    private readonly view: FolderView,
    private readonly taken: TakenAlong,
    /** The files that have been read. */
    private readonly seen: Set<string>,
    private readonly readScript: (path: string, reading: Reading) => Promise<void>
  ) {}

  async addLiteral(literal: readonly string[], reading: Reading): Promise<void> {
    const parts = this.withoutDetour(literal);
    const named = literalPath(parts);
    if (named?.kind === 'outside') {
      await this.taken.addOutside(parts.join('*'), named, reading.place);
    } else if (named) {
      await this.addInside(named.path, named.pattern, reading);
    }
  }

  async addScript(target: string, reading: Reading): Promise<void> {
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

  async takeMatches(pattern: string, reading: Reading): Promise<void> {
    for (const path of await this.taken.takeMatches(pattern, reading.place)) {
      if (isDataFile(path)) {
        await this.readNamed(path, reading);
      }
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
      if (entry.kind === 'file') {
        await this.readNamed(path, reading);
      }
      return;
    }
    if (path !== null) {
      await this.taken.takePrefixed(path, reading.place);
    }
    if (pattern !== null) {
      await this.takeMatches(pattern, reading);
    }
    // A file that isn't there yet is to be written: its folder has to exist.
    await this.taken.keepFolder(folderOf(pattern === null ? (path ?? '') : fixedPart(pattern)));
  }

  /** `../notebooks/x` is `x` for a notebook in a folder of that name. */
  private withoutDetour([first = '', ...rest]: readonly string[]): string[] {
    const detour = `../${this.view.name}/`;
    const isDetour = this.view.name !== undefined && first.startsWith(detour);
    return [isDetour ? first.slice(detour.length) : first, ...rest];
  }

  /** What a file that is named says itself: a program that may be run, a text that names other files. */
  private async readNamed(path: string, reading: Reading): Promise<void> {
    if (/\.(py|sh|bash)$/.test(path)) {
      // subprocess.run(['python', 'x.py']), view.run('x.py')
      await this.readScript(path, reading);
    } else if (isDataFile(path)) {
      await takeNamedInData(
        path,
        { view: this.view, taken: this.taken, seen: this.seen },
        reading.place
      );
    }
  }
}
