/**
 * Whether no job ever takes `path` along, however it was named: what Jupyter, Python and git keep
 * for themselves is of no use on another machine, and can be larger than the work itself.
 */
export function isLeftOut(path: string): boolean {
  return path.split('/').some(name => LEFT_OUT.has(name));
}

const LEFT_OUT: ReadonlySet<string> = new Set(['.git', '.ipynb_checkpoints', '__pycache__']);

/** Whether nobody means a file or folder of this name by a pattern or a listing: packages, results of earlier jobs. */
export function isNotMeant(name: string): boolean {
  return LEFT_OUT.has(name) || /^node_modules$|\.[a-z][a-z0-9]{7}\.(files|ipynb)$/.test(name);
}
