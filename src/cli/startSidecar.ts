import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { NoAnswer } from './noAnswer';

/** Milliseconds: Python itself gives up before. */
const LONGEST_START = 90_000;

/**
 * Has Python make sure that the sidecar runs, and gives the path of its socket; `python` is Jupyter's own. Rejects with
 * a `NoAnswer` that says what Python said.
 */
export async function startSidecar(python: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(python, ['-m', 'jupyterlab_submit.sidecar'], {
      timeout: LONGEST_START
    });
    return stdout.trim();
  } catch (error) {
    throw new NoAnswer(wordsOf(error), { isFinal: true, cause: error });
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const said = 'stderr' in error ? String(error.stderr).trim() : '';
  return said === '' ? error.message : said;
}
