import { lstatSync } from 'node:fs';
import path from 'node:path';
import { problem } from '../../api/problem';

/**
 * Throws the problem `file-not-ours` for a file of the service that is a link, something else than a file, or somebody
 * else's: what is written into it would go where they want it. What is not there yet is fine. The folder is ours, as
 * Python has seen (folders.py); on a disk that gives all files to somebody else, it has their owner, too.
 */
export function expectOwn(file: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) {
    return;
  }
  const isOurs =
    found.uid === process.getuid?.() || found.uid === lstatSync(path.dirname(file)).uid;
  if (!found.isFile() || !isOurs) {
    throw problem('file-not-ours', { file });
  }
}
