import type { Translator } from '../api/translation';

/** Something that went wrong, as a person reads it. */
export interface Explanation {
  /** One sentence: what happened. */
  title: string;
  /** What to do about it, in a sentence or two; empty when there is nothing to do. */
  advice: string;
  /** What stood behind it, to copy to a help desk; several lines, empty when there is nothing more to say. */
  details: string;
}

/** Makes the words of one kind of problem, out of its values. */
export type Sentence = (
  value: (key: string) => string,
  trans: Translator
) => Pick<Explanation, 'title' | 'advice'>;

/** What to do about a word of a newer service, which is not known here. */
export function unknownAdvice(trans: Translator): string {
  return trans.__(
    'The service may be newer than what shows this: reload the page, or update the program.'
  );
}
