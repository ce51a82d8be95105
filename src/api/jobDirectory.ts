/**
 * The names of all that is ours in a job directory, for whoever writes or reads one: the script, a submission, a look, the
 * collection of a result. The runner is packed by itself and has its own; test/api/runnerFiles.test.ts compares them.
 * docs/architecture.md says who writes what.
 */
export const FILES = {
  script: 'script.sh',
  /** What the runner is to do. */
  jobFile: 'job.json',
  runner: 'run_notebook.pyz',
  /** Folder: the copy of the notebook's own folder, and of what lies beside it. */
  work: 'work',
  /** Checksums of all that is sent, while it arrives. */
  checksums: 'upload.sha256',
  /** Folder, taken by whoever submits. */
  submitClaim: 'submit.claim',
  /** The scheduler's answer: its exit code in the first line, then what the next two hold. */
  submitOut: 'submit.out',
  submitSaid: 'submit.said',
  submitErr: 'submit.err',
  /** Folder, held by the one start of the script that counts. */
  runLock: 'run.lock',
  /** The scheduler's id of that start. */
  runId: 'run.lock/id',
  /** The line of the environment that runs just now, so that it is known which one has ended the shell. */
  environmentLine: 'environment.line',
  notes: 'notes.jsonl',
  started: 'started.json',
  progress: 'progress.json',
  exit: 'exit.json',
  result: 'result.ipynb',
  /** Folder: a private IPYTHONDIR. */
  ipython: 'ipython',
  /** Folder of logs that a person can read, and the one that the scheduler writes. */
  logs: 'logs',
  log: 'logs/job.log',
  /** Folder: outputs of cells that are too large for the notebook. */
  outputs: 'outputs'
} as const;

/** Folders for uploads, each while it arrives: `mktemp`'s template, and a pattern of the shell for all of them. */
export const UPLOADS = { template: 'upload.XXXXXXXX', all: 'upload.*' } as const;
