import { FILES } from '../api/jobDirectory';
import { workFolder } from './paths';

/** Folder, in the results, of what a notebook wrote beside its own folder (`../x`). */
const BESIDE = 'beside';

/** Folder, in the job directory and in the results, of outputs that were too much for the notebook. */
const OUTPUTS = `${FILES.outputs}/`;

/**
 * Where things go below the files folder.
 *
 * @param found All that comes; `source` is below the job directory.
 */
export function homeOf(
  notebookPath: string,
  found: readonly { source: string }[]
): (source: string) => string {
  const own = `${workFolder(notebookPath)}/`;
  let beside = BESIDE;
  // A name that nothing in the notebook's own folder has.
  while (found.some(({ source }) => `${source}/`.startsWith(`${own}${beside}/`))) {
    beside += '_';
  }
  const taken = new Set(found.map(({ source }) => source).filter(isOutput));
  const placeOf = (source: string): string => {
    if (isOutput(source)) {
      return source;
    }
    return `${source}/`.startsWith(own)
      ? source.slice(own.length)
      : `${beside}/${source.slice('work/'.length)}`;
  };
  return source => {
    let place = placeOf(source);
    // The cell's link names the output; what the notebook has written there itself gets another name.
    while (!isOutput(source) && taken.has(place)) {
      place = place.replace(/(\.[^./]*)?$/, '_$1');
    }
    return place;
  };
}

function isOutput(source: string): boolean {
  return source.startsWith(OUTPUTS);
}
