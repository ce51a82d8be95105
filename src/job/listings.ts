/** Code that lists a folder, so that what it finds depends on what was taken along. */
export interface Listing {
  /** as it stands in the code, for people */
  text: string;
  /** the working directory; the folder of the code itself; or one that the code at hand doesn't tell */
  folder: 'own' | 'code' | 'unknown';
  /** the glob that what is listed matches; null for everything */
  pattern: string | null;
}

/**
 * Whether code has a word for the folder that it runs in, so that a folder that only a variable
 * names may be that one: `here = '.'`, `Path()`, `os.getcwd()`.
 */
export function namesOwnFolder(source: string): boolean {
  return /\bgetcwd\(|\.cwd\(|\bPath\(\s*\)|\bcurdir\b|^\s*%pwd|(?:[=([,:]|\breturn)\s*r?(['"])\.\/?\1(?!\s*\.join)/m.test(
    source.replace(/\b\w*(?:split|replace|join|find|count|strip|partition)\([^)]*\)/g, '')
  );
}
