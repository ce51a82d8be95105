import type { JobRecord } from '../../src/api/job';
import type { HereFile, LeftFile } from '../../src/api/resultFiles';
import type { Jobs } from '../../src/sidecar/records/jobs';

/** A result with the names of its files, which the record itself does not hold. */
export type NamedResult = Omit<JobRecord['result'], 'files' | 'left'> & {
  files: HereFile[];
  left: LeftFile[];
};

export function namedResult(jobs: Jobs, id: string): NamedResult {
  const files = [...jobs.allFiles(id, 'here')];
  const left = [...jobs.allFiles(id, 'left')];
  return { ...jobs.get(id).result, files, left };
}
