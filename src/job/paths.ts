import { FILES, UPLOADS } from '../api/jobDirectory';

/** The directory of job `id` below a cluster's base folder; `FILES` has the names in it. */
export function jobDirectory(baseFolder: string, id: string): string {
  return `${baseFolder.replace(/\/+$/, '')}/${id}`;
}

/** The working directory, below the job directory: the copy of the notebook's own folder. */
export function workFolder(notebookPath: string): string {
  return `${FILES.work}/${folderName(notebookPath)}`;
}

/** The name of the notebook's own folder, which its copy keeps; `notebook` where it has none. */
export function folderName(notebookPath: string): string {
  const parts = notebookPath.split('/').filter(part => part !== '' && part !== '.');
  const name = parts.at(-2) ?? '..';
  return name === '..' ? 'notebook' : name;
}

/** The file name of a path. */
export function fileName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/** The folder of an absolute path. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

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

/** Names that a run leaves behind and that nobody wants back. */
export const NOT_RESULTS = ['__pycache__', '.ipynb_checkpoints', '.ipython'] as const;

/**
 * Patterns of the shell for everything in a job directory that is ours; anything else was put there by the notebook, as
 * `../../x` does.
 */
export const OURS_IN_JOB_DIRECTORY = [
  FILES.script,
  FILES.jobFile,
  FILES.runner,
  FILES.work,
  FILES.outputs,
  'submit.*',
  UPLOADS.all,
  FILES.runLock,
  FILES.environmentLine,
  FILES.notes,
  FILES.ipython,
  `${FILES.started}*`,
  `${FILES.progress}*`,
  `${FILES.exit}*`,
  `${FILES.result}*`,
  FILES.logs
] as const;
