/**
 * Whether no job ever takes `path` along, however it was named: what Jupyter, Python and git keep
 * for themselves is of no use on another machine, and can be larger than the work itself.
 */
export function isLeftOut(path: string): boolean {
  return path.split('/').some(name => LEFT_OUT.has(name));
}

const LEFT_OUT: ReadonlySet<string> = new Set(['.git', '.ipynb_checkpoints', '__pycache__']);
