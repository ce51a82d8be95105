import { notebookNeeds } from '../../src/needs/needs';
import type { Needs } from '../../src/needs/needs';
import type { Notebook } from '../../src/needs/notebook';
import { memoryFolder } from './memoryFolder';

export function notebookOf(...sources: string[]): Notebook {
  return {
    kind: 'notebook',
    language: 'python',
    kernel: 'python3',
    cells: sources.map((source, index) => ({ number: index + 1, source }))
  };
}

export async function needsOf(
  sources: string | string[],
  files: Record<string, string | number>,
  outside: string[] = []
): Promise<Needs> {
  const cells = typeof sources === 'string' ? [sources] : sources;
  return notebookNeeds(notebookOf(...cells), 'n.ipynb', memoryFolder(files, outside));
}

/** `import a.py`, `literal data/x.csv`, ... */
export async function filesOf(
  sources: string | string[],
  files: Record<string, string | number>
): Promise<string[]> {
  return (await needsOf(sources, files)).files.map(({ why, path }) => `${why} ${path}`);
}
