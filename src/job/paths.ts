/**
 * The files of a job directory and of a result. This is the only place that knows their names; the runner and the
 * script are told, or write names that a test compares with these.
 */

/** Paths inside one job directory, all absolute. */
export interface JobPaths {
  directory: string;
  /** Beside it, while the job waits on this machine: all that it will be sent with. */
  keptUpload: string;
  script: string;
  /** What the runner is to do. */
  jobFile: string;
  runner: string;
  /** Taken by whoever submits. */
  submitClaim: string;
  /** The scheduler's answer, and its exit code in the last line. */
  submitOut: string;
  /** Held by the one start of the script that counts. */
  runLock: string;
  work: string;
  /** The working directory: the copy of the notebook's own folder. */
  folder: string;
  ipython: string;
  started: string;
  progress: string;
  exit: string;
  result: string;
  logs: string;
  log: string;
}

/** The place of everything in the job directory of job `id` below a cluster's base folder. */
export function jobPaths(baseFolder: string, id: string, notebookPath: string): JobPaths {
  const directory = `${baseFolder.replace(/\/+$/, '')}/${id}`;
  return {
    directory,
    keptUpload: `${directory}.tar`,
    script: `${directory}/script.sh`,
    jobFile: `${directory}/job.json`,
    runner: `${directory}/run_notebook.pyz`,
    submitClaim: `${directory}/submit.claim`,
    submitOut: `${directory}/submit.out`,
    runLock: `${directory}/run.lock`,
    work: `${directory}/work`,
    folder: `${directory}/work/${folderName(notebookPath)}`,
    ipython: `${directory}/ipython`,
    started: `${directory}/started.json`,
    progress: `${directory}/progress.json`,
    exit: `${directory}/exit.json`,
    result: `${directory}/result.ipynb`,
    logs: `${directory}/logs`,
    log: `${directory}/logs/job.log`
  };
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

/** Where the result of a job goes: beside its source, under names that carry the job id. */
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
  'script.sh',
  'job.json',
  'run_notebook.pyz',
  'work',
  'outputs',
  'submit.*',
  'upload.*',
  'run.lock',
  'environment.line',
  'notes.jsonl',
  'ipython',
  'started.json*',
  'progress.json*',
  'exit.json*',
  'result.ipynb*',
  'logs'
] as const;
