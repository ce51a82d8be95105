/**
 * What words.ts needs of a translator: the two calls of JupyterLab's `TranslationBundle` that we use, so that the
 * panel passes its own bundle and the command line passes `english`.
 */
export interface Translator {
  /** Translates `message`; `%1`, `%2`, ... are replaced by the arguments, `%%` by `%`. */
  __(message: string, ...values: (string | number)[]): string;
  /** Picks the form for `count`; `%1` is the count unless more arguments say otherwise. */
  _n(singular: string, plural: string, count: number, ...values: (string | number)[]): string;
}
/** The translator for people who read English, and for a terminal, which has no language packs. */
export declare const english: Translator;
