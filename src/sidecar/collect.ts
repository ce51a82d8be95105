import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { JobRecord, SizedFile } from '../api/job';
import { PROBLEMS, type Problem, type ProblemCode, problem } from '../api/problem';
import { retryInterval } from '../job/pace';
import { folderOf, resultPaths } from '../job/paths';
import type { Scheduler } from '../schedulers/scheduler';
import { asProblem } from './asProblem';
import type { Context } from './context';
import { download } from './download';
import { shellOf } from './look';
import { type Outputs, listOutputs, splitBySize } from './outputs';
import { makeStaging, placeFile, placeFolder, placeProblem } from './place';
import type { Shell } from './remote/script';

/** The most that comes by itself beside the notebook, in bytes. */
const OWN_ACCORD_BYTES = 1_000_000_000;

/** Problems of a way that may be open again by itself: nothing is wrong but that nobody answers, or no network is there. */
const PASSING: readonly ProblemCode[] = ['cluster-unreachable', 'host-not-found'];

/** Whether a result was given up only because the cluster could not be reached; it comes when that can be. */
export function waitsForCluster({ problem: why, notebook, place }: JobRecord['result']): boolean {
  return place === 'kept' && notebook === null && why !== null && PASSING.includes(why.code);
}

/** What to fetch, and where to. */
export interface CollectRequest {
  /** The folder that takes the result; null: the source's own. */
  place: string | null;
  /** Paths of files that were left for their size, or all of them; null: what comes by itself. */
  files: string[] | 'all' | null;
}

const OF_ITS_OWN_ACCORD: CollectRequest = { place: null, files: null };

/** Files that may take so long to be seen, in seconds, are on a file system that several machines share. */
const SLOW_SECONDS = 60;

/** How often a result that comes by itself is tried for, when the way to the cluster is what fails. */
const MOST_ATTEMPTS = 6;

/**
 * Brings home what a job made: the executed notebook, and the files that it wrote. Never rejects for what a person
 * can mend: the record says where the result is, and why.
 */
export async function collectResult(
  context: Context,
  id: string,
  request?: CollectRequest
): Promise<void> {
  await context.faults.within('collect', () => collectPatiently(context, id, request));
}

async function collectPatiently(
  context: Context,
  id: string,
  request: CollectRequest | undefined
): Promise<void> {
  const { jobs, clock, log, stopping } = context;
  const before = jobs.get(id);
  // Who has asked waits for an answer.
  const attempts = request ? 1 : MOST_ATTEMPTS;
  let why: Problem | null = null;
  for (let attempt = 1; ; attempt += 1) {
    jobs.update(id, { result: { ...before.result, place: 'fetching', problem: why } });
    try {
      const result = await collect(context, before, request ?? OF_ITS_OWN_ACCORD);
      jobs.update(id, { result: { ...result, problem: null } });
      log.info({ job: id, place: result.place }, 'collected');
      return;
    } catch (error) {
      why = asProblem(error);
      log.warn({ job: id, problem: why, err: error }, 'not collected');
    }
    if (stopping.aborted) {
      // The next sidecar goes on with what is being fetched.
      return;
    }
    if (attempt >= attempts || PROBLEMS[why.code].status !== UNHEARD) {
      break;
    }
    await clock.sleep(retryInterval(attempt), stopping);
  }
  const place = before.result.notebook === null ? 'kept' : 'here';
  jobs.update(id, { result: { ...before.result, place, problem: why } });
}

/** Status of the problems that lie between us and the cluster. */
const UNHEARD = 502;

async function collect(
  context: Context,
  record: JobRecord,
  request: CollectRequest
): Promise<Omit<JobRecord['result'], 'problem'>> {
  const shell = shellOf(context, record.cluster);
  const outputs = await listOutputs(shell, record);
  expectNotebook(record, outputs, shell.scheduler);
  const known = new Set(record.result.files.map(file => file.path));
  const missing = outputs.files.filter(file => !known.has(file.path));
  const { taken, left: later } = choose(record.id, missing, request.files);
  const left = [...later, ...outputs.unnamable].map(sized);
  const withNotebook = outputs.hasNotebook && record.result.notebook === null;
  if (!withNotebook && taken.length === 0) {
    const place =
      record.result.notebook === null && known.size === 0 && left.length === 0 ? 'none' : 'here';
    return { ...record.result, place, left };
  }
  const place = request.place ?? folderOf(record.result.notebook ?? record.spec.notebook);
  try {
    return await bring(context, shell, record, place, { withNotebook, taken, left });
  } catch (error) {
    throw placeProblem(error, place);
  }
}

/**
 * A run that came to an end has left a notebook. Where it is not seen, a shared file system may be slow to show it.
 */
function expectNotebook(
  { cause, cluster, result, state }: JobRecord,
  { hasNotebook }: Outputs,
  { absence }: Scheduler
): void {
  const isLeft = state === 'succeeded' || cause?.code === 'cell-error';
  if (isLeft && !hasNotebook && result.notebook === null && absence.filesSeconds >= SLOW_SECONDS) {
    throw problem('result-not-seen', { cluster: cluster.title });
  }
}

function choose(
  id: string,
  files: Outputs['files'],
  wanted: CollectRequest['files']
): { taken: Outputs['files']; left: Outputs['files'] } {
  if (wanted === null) {
    return splitBySize(files, OWN_ACCORD_BYTES);
  }
  const unknown =
    wanted === 'all' ? undefined : wanted.find(name => !files.some(({ path }) => path === name));
  if (unknown !== undefined) {
    throw problem('no-such-file', { id, file: unknown });
  }
  const isWanted = (file: { path: string }): boolean =>
    wanted === 'all' || wanted.includes(file.path);
  return { taken: files.filter(isWanted), left: files.filter(file => !isWanted(file)) };
}

async function bring(
  { faults }: Context,
  shell: Shell,
  record: JobRecord,
  place: string,
  {
    withNotebook,
    taken,
    left
  }: { withNotebook: boolean; taken: Outputs['files']; left: SizedFile[] }
): Promise<Omit<JobRecord['result'], 'problem'>> {
  const names = resultPaths(record.spec.notebook, record.id, place);
  const staging = await makeStaging(place, record.id);
  try {
    await download(
      shell,
      record,
      [
        ...(withNotebook ? [{ source: 'result.ipynb', path: 'result.ipynb' }] : []),
        ...taken.map(file => ({ source: `work/${file.source}`, path: `files/${file.path}` }))
      ],
      staging
    );
    const folder = record.result.folder ?? names.folder;
    const placed =
      taken.length > 0
        ? await placeFolder(faults, path.join(staging, 'files'), folder)
        : new Map<string, string>();
    // The notebook comes last: where it is, everything is.
    const notebook = withNotebook
      ? await placeFile(faults, path.join(staging, 'result.ipynb'), names.notebook)
      : record.result.notebook;
    return {
      place: 'here',
      notebook,
      folder: placed.size > 0 ? folder : record.result.folder,
      files: [
        ...record.result.files,
        ...taken.map(file => ({ path: placed.get(file.path) ?? file.path, bytes: file.bytes }))
      ],
      left
    };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function sized({ path: name, bytes }: SizedFile): SizedFile {
  return { path: name, bytes };
}
