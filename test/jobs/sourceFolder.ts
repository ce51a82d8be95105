import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { makeTemp } from '../makeTemp';

/** A person's folder with a notebook in it. */
export interface SourceFolder {
  folder: string;
  notebook: string;
  /** Every file that was there is as it was, and whatever is new carries the id of a job. */
  expectUntouched(ids: readonly string[]): void;
  /** What is new, relative to the folder. */
  newFiles(): string[];
}

/** Makes a folder with these files (text by path); the first one is the notebook. */
export function sourceFolder(
  files: Record<string, string>,
  folder: string = path.join(makeTemp(), 'project')
): SourceFolder {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    // A moment of its own: what is written anew differs from it, even with the same content.
    utimesSync(file, 1_600_000_000, 1_600_000_000);
  }
  const before = snapshot(folder);
  const newFiles = (): string[] =>
    [...snapshot(folder).keys()].filter(name => !before.has(name)).toSorted();
  return {
    folder,
    notebook: path.join(folder, Object.keys(files)[0] ?? ''),
    newFiles,
    expectUntouched: ids => {
      const after = snapshot(folder);
      expect(Object.fromEntries([...before.keys()].map(name => [name, after.get(name)]))).toEqual(
        Object.fromEntries(before)
      );
      expect(newFiles().filter(name => !ids.some(id => name.includes(`.${id}.`)))).toEqual([]);
    }
  };
}

function snapshot(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(folder, name);
    const { mtimeMs, mode } = lstatSync(file);
    if (lstatSync(file).isFile()) {
      const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
      found.set(name, `${sum} ${mtimeMs} ${mode}`);
    }
  }
  return found;
}
