/** Code that lists a folder, so that what it finds depends on what was taken along. */
export interface Listing {
  /** as it stands in the code, for people */
  text: string;
  /** the working directory; the folder of the code itself; or one that the code at hand doesn't tell */
  folder: 'own' | 'code' | 'unknown';
  /** the glob that what is listed matches; null for everything */
  pattern: string | null;
}

/** Names that Jupyter, IPython and shells give the folder that a notebook runs in, or the notebook in it. */
export const NAMES_OF_PLACE = /\b(?:__session__|JPY_SESSION_NAME|__vsc_ipynb_file__|_dh|PWD)\b/;

/**
 * Whether code has a word for the folder that it runs in, so that a folder that only a variable
 * names may be that one: `here = '.'`, `Path()`, `os.getcwd()`.
 */
export function namesOwnFolder(source: string): boolean {
  return (
    NAMES_OF_PLACE.test(source) ||
    /\bgetcwd\(|\.cwd\(|\bPath\(\s*\)|\bcurdir\b|^\s*%pwd/m.test(source) ||
    /(?:[=([,:]|\breturn)\s*r?(['"])\.\/?\1(?!\s*\.join)/.test(withoutTextWork(source))
  );
}

/** A dot in these is no folder: `name.split('.')` */
function withoutTextWork(source: string): string {
  return source.replace(/\b\w*(?:split|replace|join|find|count|strip|partition)\([^)]*\)/g, '');
}
