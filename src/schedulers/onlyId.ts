/**
 * The id that a submission printed; null where there is none, or more than one.
 *
 * @param line A line that names it, as its first group; what plugins and sites print stands around it.
 */
export function onlyId(output: string, line: RegExp): string | null {
  const ids = new Set(output.split('\n').flatMap(text => line.exec(text)?.[1] ?? []));
  return ids.size === 1 ? ([...ids][0] ?? null) : null;
}
