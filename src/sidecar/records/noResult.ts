import type { JobRecord } from '../../api/job';
import { NO_FILES, NOTHING_LEFT } from '../../api/resultFiles';

/** Where the result of a job is that is not over yet. */
export const NO_RESULT: JobRecord['result'] = {
  place: 'pending',
  notebook: null,
  folder: null,
  files: NO_FILES,
  left: NOTHING_LEFT,
  problem: null
};
