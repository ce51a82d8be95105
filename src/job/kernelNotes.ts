import type { Cluster } from '../api/cluster';
import type { JobSpec } from '../api/jobSpec';
import type { Note } from '../api/notes';
import { isPython } from '../needs/notebook';
import type { Notebook } from '../needs/notebook';
import { pythonOf } from './script';

/** What ipykernel calls the kernel of whichever environment it is in: they promise no Python of their own. */
const PLAIN_NAMES = ['python3', 'python'];

/**
 * Whether a notebook is going to run in another kernel than it names, as far as that is known before: the runner chooses
 * by the same rules (jupyterlab_submit/runner/kernel.py), and notes what it has chosen.
 *
 * @param kernels Names of the kernels on This machine; null where not all of them are known.
 */
export function kernelNotes(
  { kernel, language }: Notebook,
  spec: JobSpec,
  cluster: Cluster,
  kernels: readonly string[] | null
): Note[] {
  if (kernel === null || !isPython(language)) {
    return [];
  }
  const python = pythonOf(spec, cluster);
  if (spec.python !== undefined || cluster.kernel === 'environment') {
    return PLAIN_NAMES.includes(kernel) ? [] : [{ code: 'kernel-replaced', kernel, python }];
  }
  // Environment lines may bring kernels.
  const isKnown = kernels !== null && [...cluster.environment, ...spec.environment].length === 0;
  const isThere = kernels?.some(name => name.toLowerCase() === kernel.toLowerCase());
  return isKnown && !isThere ? [{ code: 'kernel-missing', kernel, python }] : [];
}
