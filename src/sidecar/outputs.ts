import type { JobRecord, SizedFile } from '../api/job';
import { NOT_RESULTS, folderName, jobPaths } from '../job/paths';
import { quote } from '../schedulers/text';
import { commandFailed } from './remote/failure';
import { runScript, type Shell } from './remote/script';

/** What a job left in its directory. */
export interface Outputs {
  /** Whether there is an executed notebook. */
  hasNotebook: boolean;
  /** New or changed files; `path` is where they go below the results folder, `source` where they are below work/. */
  files: (SizedFile & { source: string })[];
}

/** Folder, in the results, of what a notebook wrote beside its own folder (`../x`). */
const BESIDE = 'beside';

/**
 * Lists what a job made. New or changed is what has a later change of its inode than the run lock, which the script
 * takes first: unlike the time of modification, nothing that copies or unpacks files can set it.
 */
export async function listOutputs(shell: Shell, record: JobRecord): Promise<Outputs> {
  const { directory } = jobPaths(record.cluster.baseFolder, record.id, record.spec.notebook);
  const passedOver = NOT_RESULTS.map(name => `-name ${quote(name)}`).join(' -o ');
  const answer = await runScript(shell, {
    body: `cd ${quote(directory)} || exit 1
[ -f result.ipynb ] && printf 'notebook'
printf '\\0'
[ -d run.lock ] || exit 0
find work \\( ${passedOver} \\) -prune -o -type f -cnewer run.lock -print0 |
  while IFS= read -r -d '' file; do printf '%s\\0%s\\0' "$(wc -c <"$file")" "$file"; done`
  });
  if (answer.exitCode !== 0) {
    throw commandFailed(record.cluster, shell.remote, 'find', answer);
  }
  const [notebook, ...fields] = answer.stdout.split('\0');
  const files: Outputs['files'] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const source = (fields[index + 1] ?? '').slice('work/'.length);
    files.push({ path: placeOf(source, record), source, bytes: Number(fields[index]) });
  }
  return { hasNotebook: notebook === 'notebook', files };
}

function placeOf(source: string, record: JobRecord): string {
  const own = `${folderName(record.spec.notebook)}/`;
  return source.startsWith(own) ? source.slice(own.length) : `${BESIDE}/${source}`;
}

/**
 * Splits files into those that come by themselves, smallest first while they fit into `limitBytes` together, and
 * those that are left until they are asked for.
 */
export function splitBySize<T extends SizedFile>(
  files: readonly T[],
  limitBytes: number
): { taken: T[]; left: T[] } {
  const taken: T[] = [];
  const left: T[] = [];
  let total = 0;
  for (const file of files.toSorted((one, other) => one.bytes - other.bytes)) {
    total += file.bytes;
    (total <= limitBytes ? taken : left).push(file);
  }
  const byPath = (one: T, other: T): number => (one.path < other.path ? -1 : 1);
  return { taken: taken.toSorted(byPath), left: left.toSorted(byPath) };
}
