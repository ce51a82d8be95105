import { readFile } from 'node:fs/promises';
import { type ReadProfile, parseProfile, unreadableProfile } from '../../api/profile';
import { fieldWords } from '../../words';
import { EXIT } from '../exitCode';
import { printableLine } from '../printable';
import type { Surroundings } from '../surroundings';

/** `jupyter submit site check FILE`: whether a site profile is right, and what to do in each of its fields where it is not. */
export async function siteCheck(
  { reader, screen }: Surroundings,
  file: string,
  { json = false }: { json?: boolean }
): Promise<number> {
  const { trans } = reader();
  const read = await readProfileFile(file);
  if (json) {
    screen.line(JSON.stringify(read));
  } else if (read.ok) {
    const { hosts, name, title = name } = read.profile;
    const where = hosts.length === 0 ? trans.__('no host') : hosts.join(', ');
    screen.line(trans.__('%1 (%2) is in order, for %3.', printableLine(title), name, where));
  } else {
    for (const wrong of read.wrong) {
      const place = wrong.field === '' ? file : wrong.field;
      screen.line(printableLine(`${place}: ${fieldWords(wrong, trans)}`));
    }
  }
  return read.ok ? EXIT.succeeded : EXIT.failed;
}

async function readProfileFile(file: string): Promise<ReadProfile> {
  try {
    return parseProfile(await readFile(file, 'utf8'));
  } catch (error) {
    return unreadableProfile(error instanceof Error ? error.message : String(error));
  }
}
