import type { Cluster } from '../api/cluster';
import type { JobSpec } from '../api/jobSpec';
import type { Scheduler } from '../schedulers/scheduler';
import { fileName, workFolder } from './paths';
import { resultPaths } from './resultPaths';

/** The most that one cell may print into the result, in bytes; the rest is in files beside it. */
const OUTPUT_LIMIT_BYTES = 1_000_000;

/** How often the notebook is saved inside a long cell, in seconds: a kill loses at most five. */
const SAVE_SECONDS = 4;

/** When a job was made, and on which machine. */
export interface Made {
  createdAt: number;
  machine: string;
}

/** The most of a spec that is written there, in characters: a look reads so much of a file and no more. */
const LONGEST_SPEC = 32_000;

/** The engines that a job starts. */
export interface Started {
  engines: number;
  mpi: boolean;
}

/**
 * The text of job.json, which tells the runner what to do. `engines` is 0 when nothing would use them; `mpi`: as MPI ranks.
 * `record` is for records that were lost (docs/decisions/0026).
 */
export function jobFile(
  scheduler: Scheduler,
  id: string,
  spec: JobSpec,
  cluster: Cluster,
  { engines, mpi }: Started,
  made: Made
): string {
  const content = {
    version: 1,
    id,
    notebook: fileName(spec.notebook),
    directory: workFolder(spec.notebook),
    filesFolder: fileName(resultPaths(spec.notebook, id).folder),
    engines,
    limitSeconds: spec.timeSeconds,
    allowErrors: spec.allowErrors,
    allowLostEngines: spec.allowLostEngines,
    kernel: spec.python === undefined ? cluster.kernel : 'environment',
    launch: scheduler.launch(spec),
    mpi,
    mpiAsked: spec.mpi === 'on',
    fork: cluster.forkEngines,
    outputLimitBytes: OUTPUT_LIMIT_BYTES,
    saveSeconds: SAVE_SECONDS,
    record: { ...made, spec: toldOf(spec) }
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/**
 * What of a spec may come back from a cluster: nothing that would run, nor say where on this machine, beyond the notebook's own
 * folder, results are put. Patterns of files can be many, and a job that has
 * been sent needs them no more.
 */
export function toldOf(spec: JobSpec): JobSpec {
  const { python: _, resultsFolder, ...rest } = spec;
  const isBelow = resultsFolder !== undefined && !/^[/~]/.test(resultsFolder);
  const told = { ...rest, ...(isBelow && { resultsFolder }), environment: [], directives: [] };
  return JSON.stringify(told).length <= LONGEST_SPEC ? told : { ...told, files: [], exclude: [] };
}
