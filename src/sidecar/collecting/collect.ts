import type { JobRecord } from '../../api/job';
import { PROBLEMS, type Problem, problem } from '../../api/problem';
import { type LeftFile, filesLeft, withFiles } from '../../api/resultFiles';
import { retryInterval } from '../../job/pace';
import { folderOf } from '../../job/paths';
import type { Scheduler } from '../../schedulers/scheduler';
import { asProblem } from '../process/asProblem';
import { type Bringing, bringFiles, bringNotebook, leave } from './bring';
import type { Clock } from '../process/clock';
import type { Log } from '../process/log';
import { giveMemoryBack } from './giveBack';
import { type Ways, shellOf } from '../clusters/shell';
import { type Missing, missingOf } from './missing';
import { type OutputFile, type Outputs, listOutputs, splitBySize } from './outputs';
import { makeDestination } from '../files/destination';
import { clearStaging, placeProblem } from '../files/place';
import { forgetGone } from './stillHere';
import type { NamesChange } from '../records/store';

/** The most that comes by itself beside the notebook, in bytes. */
const OWN_ACCORD_BYTES = 1_000_000_000;

/** Whether a result was given up only because the cluster could not be reached; it comes when that can be. */
export function waitsForCluster({
  left,
  notebook,
  place,
  problem: why
}: JobRecord['result']): boolean {
  const isPartial =
    (place === 'kept' && notebook === null) || (place === 'here' && left.unfetched > 0);
  if (!isPartial || why === null) {
    return false;
  }
  // Nothing is wrong but that nobody answers, or no network is there.
  const { heals, lies } = PROBLEMS[why.code];
  return heals === 'by-itself' && lies === 'way';
}

/** What to fetch, and where to. */
export interface CollectRequest {
  /** The folder that takes the result; null: the one that it goes to by itself. */
  place: string | null;
  /** Paths of files that were left for their size, or all of them; null: what comes by itself. */
  files: string[] | 'all' | null;
}

const OF_ITS_OWN_ACCORD: CollectRequest = { place: null, files: null };

/** More files than so many leave tens of megabytes behind. */
const MANY_FILES = 5000;

/** Files that may take so long to be seen, in seconds, are on a file system that several machines share. */
const SLOW_SECONDS = 60;

/** How often a result that comes by itself is tried for, when the way to the cluster is what fails. */
const MOST_ATTEMPTS = 8;

/** What collecting a result uses. */
export interface Collecting extends Bringing, Ways {
  clock: Clock;
  log: Log;
  stopping: AbortSignal;
}

/**
 * Brings home what a job made: the executed notebook, and the files that it wrote. Never rejects for what a person
 * can mend: the record says where the result is, and why.
 */
export async function collectResult(
  context: Collecting,
  id: string,
  request?: CollectRequest
): Promise<void> {
  await collectPatiently(context, id, request);
  const result = context.jobs.find(id)?.result;
  if (result && result.files.count + result.left.count > MANY_FILES) {
    // What is on the stack now goes first.
    setImmediate(giveMemoryBack);
  }
}

async function collectPatiently(
  context: Collecting,
  id: string,
  request: CollectRequest | undefined
): Promise<void> {
  const { jobs, clock, log, stopping } = context;
  // Who has asked waits for an answer.
  const attempts = request ? 1 : MOST_ATTEMPTS;
  const wasNothing = jobs.get(id).result.place === 'none';
  let why: Problem | null = null;
  for (let attempt = 1; ; attempt += 1) {
    note(context, id, { place: 'fetching', problem: why });
    try {
      const place = await collect(context, id, request ?? OF_ITS_OWN_ACCORD, wasNothing);
      note(context, id, { place, problem: null });
      log.info({ job: id, place }, 'collected');
      return;
    } catch (error) {
      why = asProblem(error);
      log.warn({ job: id, problem: why, err: error }, 'not collected');
    }
    if (stopping.aborted) {
      // The next sidecar goes on with what is being fetched.
      return;
    }
    if (attempt >= attempts || PROBLEMS[why.code].heals !== 'by-itself') {
      break;
    }
    await clock.sleep(retryInterval(attempt), stopping);
  }
  const { left, notebook } = jobs.get(id).result;
  const missing = wasNothing && left.count === 0 ? 'none' : 'kept';
  note(context, id, { place: notebook === null ? missing : 'here', problem: why });
}

/** Keeps a change of what is known of a result, at each step: what has come is not fetched again. */
function note(
  { jobs }: Pick<Collecting, 'jobs'>,
  id: string,
  change: Partial<JobRecord['result']>,
  names?: NamesChange
): JobRecord {
  return jobs.update(id, { result: { ...jobs.get(id).result, ...change } }, names);
}

function noteLeft(context: Collecting, id: string, left: readonly LeftFile[]): void {
  note(context, id, { left: filesLeft(left) }, { left });
}

async function collect(
  context: Collecting,
  id: string,
  request: CollectRequest,
  wasNothing: boolean
): Promise<JobRecord['result']['place']> {
  const record = context.jobs.get(id);
  const shell = shellOf(context, record.cluster);
  const outputs = await listOutputs(shell, record);
  if (outputs === null) {
    if (wasNothing) {
      return 'none';
    }
    throw problem(
      'command-failed',
      { cluster: record.cluster.title },
      { details: { where: shell.remote.where, output: `There is no folder ${record.directory}` } }
    );
  }
  expectNotebook(record, outputs, shell.scheduler);
  if (request !== OF_ITS_OWN_ACCORD) {
    await forgetGone(context, id, Array.isArray(request.files) ? request.files : null);
  }
  const { result: had } = context.jobs.get(id);
  const missing = missingOf(had, context.jobs.allFiles(id, 'here'), outputs);
  const { taken, left } = choose(context, record, missing, outputs, request.files);
  const place = request.place ?? placeOf(record);
  const disk = context.diskOf(place, 'place');
  const awaited = [...taken, ...missing.folders, ...missing.links];
  // As it is until all of it has come.
  noteLeft(context, id, [...awaited.map(file => leave(file, 'not-fetched')), ...left]);
  try {
    if (!missing.notebook && awaited.length === 0) {
      await clearStaging(disk, place, id, context.jobs.mark);
    } else if (place === record.resultsFolder) {
      await makeDestination(disk, place, folderOf(record.spec.notebook));
    }
    // First and by itself: whatever may be wrong with the files, the notebook comes.
    const unread =
      missing.notebook && outputs.notebookBytes !== null
        ? await bringNotebook(context, shell, id, place, outputs.notebookBytes)
        : null;
    const { come, failed, folder } =
      awaited.length > 0
        ? await bringFiles(context, shell, id, place, { ...missing, files: taken })
        : { come: [], failed: [], folder: had.folder };
    const stays = [...failed, ...left].toSorted((one, other) => (one.path < other.path ? -1 : 1));
    const files = withFiles(had.files, come);
    const change = { files, folder, left: filesLeft(stays) };
    const { result } = note(context, id, change, { come, left: stays });
    if (unread !== null) {
      throw unread;
    }
    const isNothing =
      result.notebook === null && result.files.count === 0 && result.left.count === 0;
    return isNothing ? 'none' : 'here';
  } catch (error) {
    throw placeProblem(error, place);
  }
}

/** The folder that a result goes to by itself: where a part of it is already, else where it was asked to. */
function placeOf({ result, resultsFolder, spec }: JobRecord): string {
  return result.notebook === null
    ? (resultsFolder ?? folderOf(spec.notebook))
    : folderOf(result.notebook);
}

/**
 * A run that came to an end has left a notebook. Where it is not seen, a shared file system may be slow to show it.
 */
function expectNotebook(
  { cause, cluster, result, state }: JobRecord,
  { notebookBytes }: Outputs,
  { absence }: Scheduler
): void {
  const isLeft = state === 'succeeded' || cause?.code === 'cell-error';
  if (
    isLeft &&
    notebookBytes === null &&
    result.notebook === null &&
    absence.filesSeconds >= SLOW_SECONDS
  ) {
    throw problem('result-not-seen', { cluster: cluster.title });
  }
}

/** What to take of what is not here yet; and what stays, with its reason. */
function choose(
  { jobs }: Pick<Collecting, 'jobs'>,
  { id, result }: JobRecord,
  { files }: Missing,
  outputs: Outputs,
  wanted: CollectRequest['files']
): { taken: OutputFile[]; left: LeftFile[] } {
  if (wanted === null) {
    const { taken, left } = splitBySize(files, OWN_ACCORD_BYTES - result.files.bytes);
    return { taken, left: [...left.map(file => leave(file)), ...outputs.left] };
  }
  if (wanted === 'all') {
    return { taken: files, left: outputs.left };
  }
  const known = new Set(
    [...files, ...outputs.links, ...outputs.folders, ...outputs.left].map(({ path }) => path)
  );
  const unknown = wanted.find(name => !known.has(name));
  if (unknown !== undefined) {
    throw problem('no-such-file', { id, file: unknown });
  }
  const before = [...jobs.allFiles(id, 'left')];
  const reasons = new Map(before.map(({ path, reason }) => [path, reason]));
  const isWanted = new Set(wanted);
  return {
    taken: files.filter(({ path }) => isWanted.has(path)),
    left: [
      ...files
        .filter(({ path }) => !isWanted.has(path))
        .map(file => leave(file, reasons.get(file.path))),
      ...outputs.left
    ]
  };
}
