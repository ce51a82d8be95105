import type { JobRecord } from '../../src/api/job';
import type { JobSpec } from '../../src/api/jobSpec';
import { NO_FILES, NOTHING_LEFT } from '../../src/api/resultFiles';

/** A job spec with nothing special about it, and what a test changes of it. */
export function jobSpec(change: Partial<JobSpec> = {}): JobSpec {
  return {
    notebook: '/home/ada/work/analysis.ipynb',
    cluster: 'local',
    cores: 4,
    engines: 4,
    timeSeconds: 7200,
    coresPerEngine: 1,
    startEngines: 'auto',
    mpi: 'auto',
    name: 'analysis',
    files: [],
    exclude: [],
    findFiles: true,
    environment: [],
    directives: [],
    allowErrors: false,
    allowLostEngines: false,
    ...change
  };
}

/** Seconds since 1970 at which the records of tests were made: 2026-01-02, 12:00 UTC. */
export const NOON = Date.UTC(2026, 0, 2, 12) / 1000;

/** A job that was just asked for, and what a test changes of it. */
export function jobRecord(change: Partial<JobRecord> = {}): JobRecord {
  return {
    id: 'k3v9x2ab',
    spec: jobSpec(),
    cluster: {
      name: 'local',
      title: 'This machine',
      host: null,
      transport: 'auto',
      transferHost: null,
      scheduler: 'local',
      baseFolder: '/home/ada/.jupyterlab-submit',
      python: '/opt/python',
      kernel: 'notebook',
      environment: [],
      jobsAtOnce: null,
      keepDays: 30,
      forkEngines: true,
      gpuOption: 'gpus-per-node',
      queueSeconds: 0,
      variables: {}
    },
    state: 'preparing',
    createdAt: NOON,
    submittedAt: null,
    startedAt: null,
    endedAt: null,
    endSeenAt: null,
    schedulerId: null,
    directory: '/home/ada/.jupyterlab-submit/k3v9x2ab',
    codeDigest: null,
    step: null,
    queue: null,
    progress: null,
    cause: null,
    notes: [],
    contact: { seenAt: null, problem: null },
    cancelRequestedAt: null,
    isSwept: false,
    result: {
      place: 'pending',
      notebook: null,
      folder: null,
      files: NO_FILES,
      left: NOTHING_LEFT,
      problem: null
    },
    notTaken: [],
    ...change
  };
}

/** A job whose result has come home. */
export function finishedJob(change: Partial<JobRecord> = {}): JobRecord {
  return jobRecord({
    state: 'succeeded',
    submittedAt: NOON,
    startedAt: NOON,
    endedAt: NOON + 41,
    result: {
      place: 'here',
      notebook: '/home/ada/work/analysis.k3v9x2ab.ipynb',
      folder: null,
      files: NO_FILES,
      left: NOTHING_LEFT,
      problem: null
    },
    ...change
  });
}
