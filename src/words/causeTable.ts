import type { Cause, CauseCode } from '../api/causes';
import type { Translator } from '../api/translation';
import type { Explanation } from './explanation';

/** The cause of a code. */
export type CauseOf<C extends CauseCode> = {
  [K in C]: { code: K } & Extract<Cause, { code: K }>;
}[C];

/** The words for every cause; a row that is missing, or is for no cause, does not compile. */
export type CauseTable = {
  [C in CauseCode]: {
    /** In a few words, for a line that already says that the job failed: `cell 12, NameError: x`. */
    line: (cause: CauseOf<C>, trans: Translator) => string;
    /** What happened, what to do, and the text behind it. */
    words: (cause: CauseOf<C>, trans: Translator) => Explanation;
  };
};
