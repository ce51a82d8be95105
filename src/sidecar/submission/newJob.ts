import { homedir } from 'node:os';
import type { JobRecord } from '../../api/job';
import { jobDirectory } from '../../job/paths';
import { resultsFolderOf } from '../../job/resultPaths';
import { codeDigest } from '../files/codeDigest';
import { NO_RESULT } from '../records/noResult';
import type { Plan } from './plan';

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
  const resultsFolder = resultsFolderOf(spec.notebook, spec.resultsFolder, homedir());
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
    ...(resultsFolder !== undefined && { resultsFolder }),
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
