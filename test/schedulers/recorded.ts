import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.resolve(import.meta.dirname, '../recorded');

/** What a command printed, without the first line, which says where it is from: `test/recorded/<name>`. */
export function recorded(name: string): string {
  const text = readFileSync(path.join(FOLDER, name), 'utf8');
  if (!text.startsWith('# ')) {
    throw new Error(`${name} does not say where it is from`);
  }
  return text.slice(text.indexOf('\n') + 1);
}

/** The recordings in a folder of `test/recorded`. */
export function recordings(folder: string): string[] {
  return readdirSync(path.join(FOLDER, folder)).toSorted();
}
