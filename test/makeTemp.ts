import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];

afterAll(() => {
  for (const folder of made.splice(0)) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** A new folder in the temporary one, without links in its path; it goes when the tests of the file are over. */
export function makeTemp(): string {
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'submit-'));
  made.push(folder);
  return folder;
}
