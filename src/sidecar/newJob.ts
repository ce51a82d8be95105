import type { JobRecord } from '../api/job';
import { NO_FILES, NOTHING_LEFT } from '../api/resultFiles';
import { jobDirectory } from '../job/paths';
import { codeDigest } from './codeDigest';
import type { Plan } from './plan';

/** Where the result of a job is that is not over yet. */
export const NO_RESULT: JobRecord['result'] = {
  place: 'pending',
  notebook: null,
  folder: null,
  files: NO_FILES,
  left: NOTHING_LEFT,
  problem: null
};

/** The record of a job that nothing has been done for yet. */
export function newJob(id: string, plan: Plan, createdAt: number): JobRecord {
  const { cluster, spec } = plan;
  return {
    ...bareJob(id, spec, cluster, createdAt),
    codeDigest: codeDigest(plan.notebook),
    notTaken: plan.notTaken.map(({ literal }) => literal)
  };
}

/** The record of a job of which no more is known than what was asked for. */
export function bareJob(
  id: string,
  spec: JobRecord['spec'],
  cluster: JobRecord['cluster'],
  createdAt: number
): JobRecord {
  return {
    id,
    spec,
    cluster,
    state: 'preparing',
    createdAt,
    submittedAt: null,
    startedAt: null,
    endedAt: null,
    endSeenAt: null,
    schedulerId: null,
    directory: jobDirectory(cluster.baseFolder, id),
    codeDigest: null,
    step: null,
    queue: null,
    progress: null,
    cause: null,
    notes: [],
    contact: { seenAt: null, problem: null },
    cancelRequestedAt: null,
    result: NO_RESULT,
    isSwept: false,
    notTaken: []
  };
}
