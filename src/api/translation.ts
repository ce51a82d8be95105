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
export const english: Translator = {
  __: (message, ...values) => fill(message, values),
  _n: (singular, plural, count, ...values) =>
    fill(count === 1 ? singular : plural, [count, ...values])
};

function fill(message: string, values: (string | number)[]): string {
  return message.replace(/%(%|\d+)/g, (placeholder, position: string) =>
    position === '%' ? '%' : String(values[Number(position) - 1] ?? placeholder)
  );
}
