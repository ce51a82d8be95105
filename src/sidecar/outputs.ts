import { isUtf8 } from 'node:buffer';
import type { JobRecord, SizedFile } from '../api/job';
import { NOT_RESULTS, folderName, jobPaths } from '../job/paths';
import { quote } from '../schedulers/text';
import { commandFailed } from './remote/failure';
import { Collected } from './remote/collected';
import { runScript, type Shell } from './remote/script';

/** What a job left in its directory. */
export interface Outputs {
  /** Whether there is an executed notebook. */
  hasNotebook: boolean;
  /** New or changed files; `path` is where they go below the results folder, `source` where they are below work/. */
  files: (SizedFile & { source: string })[];
  /** Files whose names are not UTF-8: nothing of ours can name them, but a person can be told. */
  unnamable: SizedFile[];
}

/** Folder, in the results, of what a notebook wrote beside its own folder (`../x`). */
const BESIDE = 'beside';

/** Behind the last file: a list without it was cut. */
const END = 'end';

/**
 * Lists what a job made. New or changed is what has a later change of its inode than the run lock, which the script
 * takes first: unlike the time of modification, nothing that copies or unpacks files can set it.
 */
export async function listOutputs(shell: Shell, record: JobRecord): Promise<Outputs> {
  const { directory } = jobPaths(record.cluster.baseFolder, record.id, record.spec.notebook);
  const passedOver = NOT_RESULTS.map(name => `-name ${quote(name)}`).join(' -o ');
  const output = new Collected();
  const answer = await runScript(shell, {
    body: `cd ${quote(directory)} || exit 1
[ -f result.ipynb ] && printf 'notebook'
printf '\\0'
[ ! -d run.lock ] ||
  find work \\( ${passedOver} \\) -prune -o -type f -cnewer run.lock -printf '%s\\0%p\\0'
printf ${END}`,
    output
  });
  const [notebook, ...fields] = split(output.bytes);
  if (answer.exitCode !== 0 || fields.pop()?.toString() !== END) {
    throw commandFailed(record.cluster, shell.remote, 'find', answer);
  }
  const found = fields
    .flatMap((field, index) => (index % 2 === 1 ? [{ name: field, size: fields[index - 1] }] : []))
    .map(({ name, size }) => ({
      source: name.toString(),
      bytes: Number(size?.toString()),
      isNamable: isUtf8(name)
    }))
    .filter(({ source }) => isInside(source));
  const placeOf = placesIn(record, found);
  const files = found.map(file => ({ ...file, path: placeOf(file.source) }));
  return {
    hasNotebook: notebook?.toString() === 'notebook',
    files: files
      .filter(({ isNamable }) => isNamable)
      .map(({ path, bytes, source }) => ({ path, bytes, source: source.slice('work/'.length) })),
    unnamable: files
      .filter(({ isNamable }) => !isNamable)
      .map(({ path, bytes }) => ({ path, bytes }))
  };
}

/** Where files go below the results folder. */
function placesIn(
  record: JobRecord,
  found: readonly { source: string }[]
): (source: string) => string {
  const own = `work/${folderName(record.spec.notebook)}/`;
  let beside = BESIDE;
  // A name that nothing in the notebook's own folder has.
  while (found.some(({ source }) => `${source}/`.startsWith(`${own}${beside}/`))) {
    beside += '_';
  }
  return source =>
    source.startsWith(own) ? source.slice(own.length) : `${beside}/${source.slice('work/'.length)}`;
}

function split(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (let to = bytes.indexOf(0); to >= 0; to = bytes.indexOf(0, from)) {
    parts.push(bytes.subarray(from, to));
    from = to + 1;
  }
  return [...parts, bytes.subarray(from)];
}

/** Whether a path stays below `work`, whoever made it up. */
function isInside(source: string): boolean {
  const [top, ...rest] = source.split('/');
  return top === 'work' && !rest.some(name => name === '..' || name === '.' || name === '');
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
