import { fileName, folderOf } from './paths';

/** The folder that a result is asked to go to, as an absolute path; undefined: its source's. `home` is what `~` stands for. */
export function resultsFolderOf(
  notebookPath: string,
  asked: string | undefined,
  home: string
): string | undefined {
  if (asked === undefined) {
    return undefined;
  }
  const isInHome = /^~(?:\/|$)/.test(asked);
  const found = isInHome
    ? `${home}${asked.slice(1)}`
    : asked.startsWith('/')
      ? asked
      : `${folderOf(notebookPath)}/${asked}`;
  return `/${found
    .split('/')
    .filter(part => part !== '' && part !== '.')
    .join('/')}`;
}

/** Where the result of a job goes in a folder, its source's by itself: under names that carry the job id. */
export function resultPaths(
  notebookPath: string,
  id: string,
  place: string = folderOf(notebookPath)
): { notebook: string; folder: string } {
  const name = startOf(fileName(notebookPath).replace(/\.ipynb$/, ''), LONGEST_STEM);
  const stem = `${place.replace(/\/+$/, '')}/${name}.${id}`;
  return { notebook: `${stem}.ipynb`, folder: `${stem}.files` };
}

/** What a file system takes as one name, less the `.k3v9x2ab.ipynb` that comes behind a result's; in bytes. */
const LONGEST_STEM = 255 - 15;

/** As much of a name as has room in so many bytes of UTF-8. */
function startOf(name: string, bytes: number): string {
  let room = bytes;
  let start = '';
  for (const character of name) {
    const point = character.codePointAt(0) ?? 0;
    room -= point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (room < 0) {
      break;
    }
    start += character;
  }
  return start;
}
