import { isUtf8 } from 'node:buffer';
import { readCount } from '../../api/bounds';
import type { JobRecord } from '../../api/job';
import { FILES } from '../../api/jobDirectory';
import type { LeftFile, LeftReason, SizedFile } from '../../api/resultFiles';
import { type FoundLink, resolveLink } from '../../job/links';
import { jobDirectory } from '../../job/paths';
import { homeOf } from '../../job/filesFolder';
import { quote } from '../../shell/quote';
import { LIST_OUTPUTS, OUTPUTS_END, PART } from './outputsScript';
import { Collected } from '../remote/collected';
import { commandFailed } from '../remote/failure';
import { runScript, type Shell } from '../remote/script';

/** A file that can be read, and where it is below the job directory. */
export type OutputFile = SizedFile & { source: string };

/** What a job left in its directory; paths are where things go below the files folder. */
export interface Outputs {
  /** The length of the executed notebook; null when there is none. */
  notebookBytes: number | null;
  /** New or changed files. */
  files: OutputFile[];
  /** New folders with nothing in them. */
  folders: { path: string }[];
  /** Links to something else that came of the job, which has to be there first. */
  links: { path: string; target: string }[];
  /** What cannot come, and why. */
  left: LeftFile[];
}

/** The most bytes of a list: a million files fit. */
const MOST_LISTING = 100_000_000;

/** The longest path that any file system here has, in bytes. */
const LONGEST_PATH = 4096;

/** Lists what a job made; null when there is no job directory. */
export async function listOutputs(shell: Shell, record: JobRecord): Promise<Outputs | null> {
  const directory = jobDirectory(record.cluster.baseFolder, record.id);
  const output = new Collected(MOST_LISTING);
  const answer = await runScript(shell, {
    body: `[ -d ${quote(directory)} ] || exit 3
cd ${quote(directory)} || exit 1
${LIST_OUTPUTS}`,
    output
  });
  if (answer.exitCode === 3 && output.bytes.length === 0) {
    return null;
  }
  const listing = readListing(output.bytes);
  if (answer.exitCode !== 0 || listing === null) {
    throw commandFailed(record.cluster, shell.remote, 'find', answer);
  }
  return outputsOf(record, listing, unlisted(answer.stderr));
}

/** One thing that `find` has told of. */
interface Found {
  /** The letter of outputsScript.ts, and of a link what it leads to. */
  kind: string;
  bytes: number;
  text: string;
  source: string;
  isNamable: boolean;
}

interface Listing {
  notebookBytes: number | null;
  root: string;
  found: Found[];
  /** Where each link leads in the end. */
  finals: string[];
  /** The sizes of files that links lead to, by the links' sources. */
  sizes: Map<string, number>;
}

/** Reads what the script has printed; null when it was cut, or does not fit together. */
function readListing(bytes: Buffer): Listing | null {
  const fields = split(bytes);
  if (fields.pop()?.toString() !== OUTPUTS_END) {
    return null;
  }
  const [notebook, root = '', ...rest] = fields;
  const [found, finals, sizes] = parts(rest);
  if (found === undefined || finals === undefined || sizes === undefined) {
    return null;
  }
  const things = inFours(found);
  if (things.filter(({ kind }) => kind.startsWith('l')).length !== finals.length) {
    return null;
  }
  const size = notebook?.toString() ?? '';
  return {
    notebookBytes: readCount(size),
    root: root.toString(),
    found: things,
    finals: finals.map(String),
    sizes: new Map(
      sizes.flatMap((field, index) =>
        index % 2 === 1
          ? [[field.toString(), readCount(String(sizes[index - 1])) ?? 0] as const]
          : []
      )
    )
  };
}

const EMPTY = Buffer.alloc(0);

function inFours(fields: readonly Buffer[]): Found[] {
  return Array.from({ length: Math.floor(fields.length / 4) }, (_, index) => {
    const [kind, bytes, text = EMPTY, name = EMPTY] = fields.slice(index * 4, index * 4 + 4);
    const source = name.toString();
    const letter = kind?.toString() ?? '';
    const isFile = 'fuo'.includes(letter) && !source.endsWith('/');
    return {
      kind: letter,
      bytes: isFile ? (readCount(String(bytes)) ?? 0) : 0,
      text: text.toString(),
      source,
      isNamable: isUtf8(name) && isUtf8(text) && name.length <= LONGEST_PATH
    };
  });
}

function outputsOf(record: JobRecord, listing: Listing, unreadable: readonly string[]): Outputs {
  const outputs: Outputs = {
    notebookBytes: listing.notebookBytes,
    files: [],
    folders: [],
    links: [],
    left: []
  };
  const links = new Map(
    listing.found
      .filter(({ kind }) => kind.startsWith('l'))
      .map(({ kind, source, text }, index): [string, FoundLink] => [
        source,
        { source, text, kind: kind.slice(1), final: listing.finals[index] ?? '' }
      ])
  );
  const found = listing.found.filter(({ source }) => isInside(source));
  const home = homeOf(record.spec.notebook, found);
  const isNew = new Set(
    found.filter(({ kind }) => 'fu'.includes(kind)).map(({ source }) => source)
  );
  const leave = ({ bytes, source }: Found, reason: LeftReason): void => {
    outputs.left.push({ path: home(source).slice(0, LONGEST_PATH), bytes, reason });
  };
  for (const thing of found) {
    const { bytes, isNamable, kind, source } = thing;
    const path = home(source);
    if (path === '') {
      continue;
    }
    const link = links.get(source);
    if (!isNamable) {
      leave(thing, 'unnamable');
    } else if (link !== undefined) {
      const resolved = resolveLink(link, listing.root, links, name => isNew.has(name));
      if ('why' in resolved) {
        leave(thing, resolved.why);
      } else if ('target' in resolved) {
        outputs.links.push({ path, target: home(resolved.target) });
      } else {
        const size = listing.sizes.get(source) ?? 0;
        outputs.files.push({ path, bytes: size, source: resolved.content });
      }
    } else if (kind === 'f') {
      outputs.files.push({ path, bytes, source, ...cellOf(source) });
    } else if (kind === 'd') {
      outputs.folders.push({ path: `${path}/` });
    } else {
      leave(thing, kind === 'u' ? 'unreadable' : 'special');
    }
  }
  outputs.left.push(
    // As the notebook names it, from its own folder.
    ...listing.found
      .filter(({ kind, source }) => kind === 'o' && !source.includes('/'))
      .map(({ bytes, source }) => ({
        path: `../../${source.slice(0, LONGEST_PATH)}`,
        bytes,
        reason: 'elsewhere' as const
      })),
    ...unreadable.map(source => ({ path: home(source), bytes: 0, reason: 'broken' as const }))
  );
  return outputs;
}

/** What the runner calls a file with an output of a cell. */
const CELL_FILE = new RegExp(`^${FILES.outputs}/cell-(\\d{1,9})[-.]`);

/** The cell that the runner has put an output of into a file. */
function cellOf(source: string): { cell?: number } {
  const cell = CELL_FILE.exec(source)?.[1];
  return cell === undefined ? {} : { cell: Number(cell) };
}

const UNLISTED = new RegExp(`^find: ['‘](${FILES.work}/.*)['’]: (.*)$`, 'gm');

/** What find could not look at, though it is there. */
function unlisted(stderr: string): string[] {
  return [...stderr.matchAll(UNLISTED)]
    .filter(([, , why]) => why !== 'No such file or directory')
    .map(([, source = '']) => source);
}

/** Parts of a list, each behind the last one's mark. */
function parts(fields: readonly Buffer[]): Buffer[][] {
  const found: Buffer[][] = [[]];
  for (const field of fields) {
    if (field.toString() === PART) {
      found.push([]);
    } else {
      found.at(-1)?.push(field);
    }
  }
  return found.slice(0, -1);
}

function split(bytes: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let from = 0;
  for (let to = bytes.indexOf(0); to >= 0; to = bytes.indexOf(0, from)) {
    fields.push(bytes.subarray(from, to));
    from = to + 1;
  }
  return [...fields, bytes.subarray(from)];
}

/** Whether a path stays below the folders that a job writes to, whoever made it up. */
function isInside(source: string): boolean {
  const [top, ...rest] = source.replace(/\/$/, '').split('/');
  return (
    (top === FILES.work || top === FILES.outputs) &&
    !rest.some(name => name === '..' || name === '.' || name === '')
  );
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
