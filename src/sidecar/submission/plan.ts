import { constants } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { Cluster } from '../../api/cluster';
import type { FieldProblem } from '../../api/field';
import { FILES } from '../../api/jobDirectory';
import { type JobSpec, filledIn, isFilledIn, parseJobSpec } from '../../api/jobSpec';
import type { Note } from '../../api/notes';
import { ProblemError, problem } from '../../api/problem';
import type { ChosenProfile } from '../../api/profile';
import { hasWholeNodes, ruled, rulingProblems, withNodes } from '../../api/profileRules';
import type { CheckAnswer, ClusterChoice, SubmitRequest, TakenFile } from '../../api/routes';
import { patternProblem, selectFiles } from '../../needs/filePatterns';
import { kernelNotes } from '../../job/kernelNotes';
import { type Needs, notebookNeeds } from '../../needs/needs';
import { fileName, folderOf, jobDirectory } from '../../job/paths';
import { resultsFolderOf } from '../../job/resultPaths';
import { jobScript } from '../../job/script';
import { schedulers } from '../../schedulers';
import type { ClusterSources } from '../clusters/clusters';
import type { BatchJob } from '../../schedulers/scheduler';
import type { Behalf } from '../remote/asker';
import { unfit } from '../files/destination';
import { diskOf } from '../files/disk';
import { fieldsFor } from '../clusters/fields';
import { fillIn } from '../clusters/fillIn';
import { listFiles, sourceFolder } from './sourceFolder';
import { readSource } from './sourceNotebook';

/** What submitting a form would do. */
export interface Plan extends CheckAnswer {
  /** The notebook's text, as it is now. */
  notebook: string;
  /** Folders that have to be there although no file brings them. */
  folders: string[];
}

/** Id in the script of a check: the job has none yet. */
const NO_ID = 'job00000';

/**
 * Reads a form, with what the settings fill in, and the notebook it names, and says what submitting it would do. Changes nothing.
 *
 * @throws ProblemError with the fields that are wrong, or what is wrong with the notebook or its files.
 */
export async function planJob(
  request: SubmitRequest,
  sources: ClusterSources,
  { id = NO_ID, behalf = 'nobody' }: { id?: string; behalf?: Behalf } = {}
): Promise<Plan> {
  const { choice, cluster, form } = await fillIn(request, sources, behalf);
  const { profile } = choice;
  const bySite = problemsBySite(form, choice, cluster);
  const parsed = parseJobSpec(form);
  if (!parsed.ok) {
    throw problem('invalid-fields', {}, { fields: [...parsed.fields, ...bySite] });
  }
  const asked = parsed.value;
  const fields = [
    ...bySite,
    ...unsupported(form, cluster, profile),
    ...badPatterns(asked),
    ...schedulers[cluster.scheduler].directiveProblems(batchJobOf(id, asked, cluster)),
    ...(await badDestination(asked))
  ];
  if (fields.length > 0) {
    throw problem('invalid-fields', {}, { fields });
  }
  const { notebook, text } = await readSource(asked.notebook);
  const root = folderOf(asked.notebook);
  const needs = await notebookNeeds(notebook, fileName(asked.notebook), sourceFolder(root));
  const started = startsEngines(asked, needs) ? asked : withoutEngines(asked, request.form);
  const { spec, wrong } = withNodes(started, profile);
  if (wrong.length > 0) {
    throw problem('invalid-fields', {}, { fields: wrong });
  }
  const mpi = areRanks(spec, needs);
  if (mpi && spec.allowLostEngines) {
    const field = { field: 'allowLostEngines', code: 'mpi-ranks', values: {} } as const;
    throw problem('invalid-fields', {}, { fields: [field] });
  }
  const found = spec.findFiles ? keep(needs.files, spec.exclude) : [];
  const chosen = await askedFiles(spec, root, new Set(found.map(file => file.path)));
  const files = [...found, ...chosen].toSorted((one, other) => (one.path < other.path ? -1 : 1));
  await expectReadable(root, files);
  return {
    spec,
    cluster,
    script: scriptOf(id, spec, cluster),
    files,
    notTaken: needs.notTakenAlong
      // A job on this machine finds them where they are.
      .filter(({ why }) => why !== 'absolute' || cluster.host !== null)
      .map(({ literal, cell }) => ({ literal, cell: cell ?? 0 })),
    skipped: needs.skipped.map(({ cell, file, named }) => ({ cell, file, named })),
    engines: spec.engines,
    mpi,
    profile: profile?.title ?? null,
    notes: [
      ...kernelNotes(notebook, spec, cluster, request.caller.kernels ?? null),
      ...tooFewEngines(spec, needs),
      ...wholeNodes(spec, profile)
    ],
    notebook: text,
    folders: needs.folders
  };
}

/** Said where the notebook asks by a number for more than there will be. */
function tooFewEngines({ engines }: JobSpec, { enginesAsked }: Needs): Note[] {
  return engines > 0 && enginesAsked > engines
    ? [{ code: 'too-few-engines', asked: enginesAsked, engines }]
    : [];
}

/** Said where a job gets, and pays for, whole nodes. */
function wholeNodes(spec: JobSpec, profile: ChosenProfile | null): Note[] {
  const nodes = spec.engines === 0 ? 1 : (spec.nodes ?? 0);
  return profile !== null && hasWholeNodes(profile, spec)
    ? [{ code: 'whole-nodes', site: profile.title, nodes }]
    : [];
}

/** Whether engines start. */
function startsEngines({ startEngines }: JobSpec, { usesIpyparallel }: Needs): boolean {
  return startEngines === 'auto' ? usesIpyparallel : startEngines === 'always';
}

/** Whether engines are MPI ranks. */
function areRanks({ engines, mpi }: JobSpec, { usesMpi }: Needs): boolean {
  return engines > 0 && (mpi === 'auto' ? usesMpi : mpi === 'on');
}

/**
 * The spec of a notebook that uses no engines: it runs on one node, whatever the defaults say of engines and nodes.
 *
 * @param form What the person asks for, of which nothing must mean less than it says.
 */
function withoutEngines(spec: JobSpec, form: unknown): JobSpec {
  const given = v.parse(v.record(v.string(), v.unknown()), filledIn(form));
  const fields = (['nodes', 'enginesPerNode'] as const)
    .filter(field => given[field] !== undefined && given[field] !== 1)
    .map(field => ({ field, code: 'no-engines', values: {} }) as const);
  if (fields.length > 0) {
    throw problem('invalid-fields', {}, { fields });
  }
  return { ...spec, engines: 0, nodes: undefined, enginesPerNode: undefined };
}

/** The script of a job; the same at each call. */
export function scriptOf(id: string, spec: JobSpec, cluster: Cluster): string {
  const directory = jobDirectory(cluster.baseFolder, id);
  const job = batchJobOf(id, spec, cluster);
  return jobScript(schedulers[cluster.scheduler], job, directory, cluster);
}

/** A job as its scheduler sees it. */
export function batchJobOf(id: string, spec: JobSpec, cluster: Cluster): BatchJob {
  const directory = jobDirectory(cluster.baseFolder, id);
  return {
    id,
    spec,
    script: `${directory}/${FILES.script}`,
    log: `${directory}/${FILES.log}`,
    gpuOption: cluster.gpuOption
  };
}

/** What its site finds wrong with a form. */
function problemsBySite(
  form: unknown,
  { profile }: ClusterChoice,
  cluster: Cluster
): FieldProblem[] {
  const given = v.safeParse(v.record(v.string(), v.unknown()), filledIn(form));
  // What is no form at all is said by its own check.
  return rulingProblems(
    profile,
    given.success ? given.output : {},
    fieldsFor(schedulers[cluster.scheduler])
  );
}

function unsupported(
  form: unknown,
  cluster: Cluster,
  profile: ChosenProfile | null
): FieldProblem[] {
  const taken: readonly string[] = fieldsFor(schedulers[cluster.scheduler]);
  const given = v.parse(v.record(v.string(), v.unknown()), form);
  // What a site refuses is said in its words.
  const said = Object.keys(ruled(profile).refused);
  return Object.entries(given)
    .filter(
      ([field, value]) => !taken.includes(field) && !said.includes(field) && isFilledIn(value)
    )
    .map(([field]) => ({ field, code: 'unsupported', values: { cluster: cluster.title } }));
}

const PATTERN_CODES = {
  outside: 'pattern-outside',
  empty: 'pattern-empty',
  control: 'control-characters'
} as const;

function badPatterns(spec: JobSpec): FieldProblem[] {
  return (['files', 'exclude'] as const).flatMap(field =>
    spec[field].flatMap((pattern, index) => {
      const found = patternProblem(pattern);
      return found === null
        ? []
        : [{ field: `${field}.${index}`, code: PATTERN_CODES[found], values: { given: pattern } }];
    })
  );
}

/** A folder for the result that is not there is made when there is one. */
async function badDestination({ notebook, resultsFolder }: JobSpec): Promise<FieldProblem[]> {
  const folder = resultsFolderOf(notebook, resultsFolder, homedir());
  const found = folder === undefined ? null : await unfit(folder);
  return found === null
    ? []
    : [{ field: 'resultsFolder', code: found.why, values: { folder: found.folder } }];
}

function keep<T extends { path: string }>(files: T[], exclude: string[]): T[] {
  const kept = new Set(
    selectFiles(
      files.map(file => file.path),
      ['*'],
      exclude
    )
  );
  return files.filter(file => kept.has(file.path));
}

/** The files that the person's own patterns select, beyond those that were found. */
async function askedFiles(spec: JobSpec, root: string, found: Set<string>): Promise<TakenFile[]> {
  if (spec.files.length === 0) {
    return [];
  }
  const all = await listFiles(root);
  const useless = spec.files.filter(
    pattern => !pattern.startsWith('!') && selectFiles(all, [pattern], []).length === 0
  );
  if (useless.length > 0) {
    throw problem('files-missing', { patterns: useless.join(', ') });
  }
  const asked = selectFiles(all, spec.files, spec.exclude).filter(
    file => !found.has(file) && file !== fileName(spec.notebook)
  );
  const disk = diskOf(root, 'read');
  const sized = await Promise.all(
    asked.map(async file => {
      // It may have gone meanwhile.
      const seen = await disk.stat(path.join(root, file)).catch(orNothing);
      return seen?.isFile() ? [{ path: file, bytes: seen.size, why: 'asked' } as const] : [];
    })
  );
  return sized.flat();
}

/** Better said now than when the job is on its way. */
async function expectReadable(root: string, files: readonly TakenFile[]): Promise<void> {
  const disk = diskOf(root, 'read');
  for (const { path: name } of files) {
    const file = path.join(root, name);
    await disk.access(file, constants.R_OK).catch((error: unknown) => {
      orNothing(error);
      const output = error instanceof Error ? error.message : String(error);
      throw problem('file-unreadable', { file }, { details: { output }, cause: error });
    });
  }
}

/** For what is missing, nothing; a disk that does not answer is no reason to go on. */
function orNothing(error: unknown): null {
  if (error instanceof ProblemError) {
    throw error;
  }
  return null;
}
