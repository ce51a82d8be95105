import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { JobRecord } from '../api/job';
import { type Problem, ProblemError, problem } from '../api/problem';
import { folderOf, resultPaths } from '../job/paths';
import { remoteOf } from './clusters';
import type { Context } from './context';
import { download } from './download';
import { type Outputs, listOutputs, splitBySize } from './outputs';
import { asProblem, makeStaging, placeFile, placeFolder } from './place';
import type { Shell } from './remote/script';

/** The most that comes by itself beside the notebook, in bytes. */
const OWN_ACCORD_BYTES = 1_000_000_000;

/** What to fetch, and where to. */
export interface CollectRequest {
  /** The folder that takes the result; null: the source's own. */
  place: string | null;
  /** Paths of files that were left for their size, or all of them; null: what comes by itself. */
  files: string[] | 'all' | null;
}

/**
 * Brings home what a job made: the executed notebook, and the files that it wrote. Never rejects for what a person
 * can mend: the record says where the result is, and why.
 */
export async function collectResult(
  context: Context,
  id: string,
  request: CollectRequest = { place: null, files: null }
): Promise<void> {
  await context.faults.within('collect', async () => {
    const { jobs, log } = context;
    const before = jobs.get(id);
    jobs.update(id, { result: { ...before.result, place: 'fetching', problem: null } });
    try {
      const result = await collect(context, before, request);
      jobs.update(id, { result: { ...result, problem: null } });
      log.info({ job: id, place: result.place }, 'collected');
    } catch (error) {
      const why = problemOf(error);
      log.warn({ job: id, problem: why, err: error }, 'not collected');
      jobs.update(id, {
        result: {
          ...before.result,
          place: before.result.notebook === null ? 'kept' : 'here',
          problem: why
        }
      });
    }
  });
}

async function collect(
  context: Context,
  record: JobRecord,
  request: CollectRequest
): Promise<Omit<JobRecord['result'], 'problem'>> {
  const shell = { remote: remoteOf(record.cluster), faults: context.faults };
  const outputs = await listOutputs(shell, record);
  const known = new Set(record.result.files.map(file => file.path));
  const missing = outputs.files.filter(file => !known.has(file.path));
  const { taken, left } = choose(record.id, missing, request.files);
  const withNotebook = outputs.hasNotebook && record.result.notebook === null;
  if (!withNotebook && taken.length === 0) {
    const place =
      record.result.notebook === null && known.size === 0 && left.length === 0 ? 'none' : 'here';
    return { ...record.result, place, left: left.map(sized) };
  }
  const place = request.place ?? folderOf(record.result.notebook ?? record.spec.notebook);
  try {
    return await bring(context, shell, record, place, { withNotebook, taken, left });
  } catch (error) {
    throw asProblem(error, place);
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
  }: { withNotebook: boolean; taken: Outputs['files']; left: Outputs['files'] }
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
      left: left.map(sized)
    };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function sized({ path: name, bytes }: { path: string; bytes: number }): {
  path: string;
  bytes: number;
} {
  return { path: name, bytes };
}

function problemOf(error: unknown): Problem {
  return error instanceof ProblemError
    ? error.problem
    : {
        code: 'internal',
        values: {},
        details: { output: error instanceof Error ? error.message : String(error) }
      };
}
