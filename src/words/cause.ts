import type { Cause, CauseCode } from '../api/causes';
import type { Translator } from '../api/translation';
import type { CauseOf, CauseTable } from './causeTable';
import { CLUSTER_CAUSES } from './clusterCause';
import type { Explanation } from './explanation';
import { NOTEBOOK_CAUSES } from './notebookCause';
import { SUBMISSION_CAUSES } from './submissionCause';

const CAUSES: CauseTable = { ...NOTEBOOK_CAUSES, ...CLUSTER_CAUSES, ...SUBMISSION_CAUSES };

/** Why a job ended as it did: what happened, what to do, and the text behind it. */
export function causeWords(cause: Cause, trans: Translator): Explanation {
  return wordsOf(cause, trans);
}

/** A cause in a few words, for a line that already says that the job failed: `cell 12, NameError: x`. */
export function causeLine(cause: Cause, trans: Translator): string {
  return lineOf(cause, trans);
}

function wordsOf<C extends CauseCode>(cause: CauseOf<C>, trans: Translator): Explanation {
  return CAUSES[cause.code].words(cause, trans);
}

function lineOf<C extends CauseCode>(cause: CauseOf<C>, trans: Translator): string {
  return CAUSES[cause.code].line(cause, trans);
}
