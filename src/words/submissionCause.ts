import type { CauseTable } from './causeTable';
import { unknownAdvice } from './explanation';
import { refusalLine, refusalWords } from './refusal';

/** What keeps a job from running at all, and of which nothing more is known. */
export const SUBMISSION_CAUSES = {
  'not-sent': {
    line: (_, trans) => trans.__('not sent'),
    words: (cause, trans) => ({
      title: trans.__('The job could not be sent to the cluster, so it was not submitted.'),
      advice: trans.__('Put right what is named below, then submit it again.'),
      details: cause.text.trimEnd()
    })
  },
  'no-room': {
    line: (cause, trans) =>
      cause.lacks === 'quota' ? trans.__('quota exceeded') : trans.__('disk full'),
    words: (cause, trans) => ({
      title:
        cause.lacks === 'quota'
          ? trans.__(
              'Your quota on the cluster is used up, so the job was not submitted: there is no room for it in %1.',
              cause.folder
            )
          : trans.__(
              'The disk of %1 on the cluster is full, so the job was not submitted.',
              cause.folder
            ),
      advice: trans.__(
        'Make room there, or name another base folder in the settings, then submit it again. What the cluster says is below.'
      ),
      details: cause.text.trimEnd()
    })
  },
  refused: {
    line: (cause, trans) => refusalLine(cause.reason, trans),
    words: (cause, trans) => ({ ...refusalWords(cause, trans), details: cause.text.trimEnd() })
  },
  'submission-unclear': {
    line: (_, trans) => trans.__('submission unclear'),
    words: (_, trans) => ({
      title: trans.__('It is not known whether the cluster took this job.'),
      advice: trans.__(
        'The connection broke during the submission. Check again later; submit it again only when the cluster does not have it.'
      ),
      details: ''
    })
  },
  'no-word': {
    line: (_, trans) => trans.__('no result'),
    words: (_, trans) => ({
      title: trans.__('The cluster no longer knows this job, and it left no result.'),
      advice: trans.__('Check again later: results can appear late. Its folder stays where it is.'),
      details: ''
    })
  },
  unknown: {
    line: (cause, trans) => trans.__('reason unknown here (%1)', cause.word),
    words: (cause, trans) => ({
      title: trans.__(
        'This job ended for a reason that this version has no words for (%1).',
        cause.word
      ),
      advice: unknownAdvice(trans),
      details: ''
    })
  }
} satisfies Partial<CauseTable>;
