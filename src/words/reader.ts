import type { Translator } from '../api/translation';

/** Whom the words are for: their language, what time it is for them, and how they write times. */
export interface Reader {
  trans: Translator;
  /** Seconds since 1970. */
  now: number;
  /** A language tag for times of day and dates; the runtime's own when absent. */
  locale?: string;
  /** The time zone for times of day; the runtime's own when absent. */
  timeZone?: string;
}
