import { type Problem, problem } from '../../../api/problem';
import type { OpenNotebook } from '../../model/openNotebooks';

/** Saves an open notebook that has changes; what went wrong, or null. */
export async function saveNotebook(notebook: OpenNotebook | null): Promise<Problem | null> {
  if (notebook === null || !notebook.isDirty) {
    return null;
  }
  if (notebook.isReadOnly) {
    return notSaved(notebook, '');
  }
  try {
    await notebook.save();
    return null;
  } catch (error) {
    return notSaved(notebook, error instanceof Error ? error.message : String(error));
  }
}

function notSaved({ path }: OpenNotebook, output: string): Problem {
  return problem(
    'notebook-not-saved',
    { notebook: path },
    output === '' ? {} : { details: { output } }
  ).problem;
}
