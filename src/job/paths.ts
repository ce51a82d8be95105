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
