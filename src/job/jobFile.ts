import type { Cluster } from '../api/cluster';
import type { JobSpec } from '../api/jobSpec';
import type { Scheduler } from '../schedulers/scheduler';
import { fileName, folderName, resultPaths } from './paths';

/** The most that one cell may print into the result, in bytes; the rest is in files beside it. */
const OUTPUT_LIMIT_BYTES = 1_000_000;

/** How often the notebook is saved inside a long cell, in seconds: a kill loses at most five. */
const SAVE_SECONDS = 4;

/** The engines that a job starts. */
export interface Started {
  engines: number;
  mpi: boolean;
}

/** The text of job.json, which tells the runner what to do. `engines` is 0 when nothing would use them; `mpi`: as MPI ranks. */
export function jobFile(
  scheduler: Scheduler,
  id: string,
  spec: JobSpec,
  cluster: Cluster,
  { engines, mpi }: Started
): string {
  const content = {
    version: 1,
    id,
    notebook: fileName(spec.notebook),
    directory: `work/${folderName(spec.notebook)}`,
    filesFolder: fileName(resultPaths(spec.notebook, id).folder),
    engines,
    limitSeconds: spec.timeSeconds,
    allowErrors: spec.allowErrors,
    kernel: spec.python === undefined ? cluster.kernel : 'environment',
    launch: scheduler.launch(spec),
    mpi,
    outputLimitBytes: OUTPUT_LIMIT_BYTES,
    saveSeconds: SAVE_SECONDS
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
