import { type JobRecord, isTerminal } from '../../api/job';
import { ProblemError } from '../../api/problem';
import {
  type Reader,
  contactWords,
  durationWords,
  momentWords,
  problemWords,
  stateWords
} from '../../words';
import type { FilesOf } from '../../api/routes';
import { EXIT } from '../exitCode';
import { fileLines, printFiles, readFiles } from '../fileLines';
import { findJob } from '../findJob';
import { lookOf } from '../look';
import { type OutcomeLook, causeLines, noteLines, resultLines, waitLines } from '../outcome';
import { printableLine } from '../printable';
import type { Surroundings } from '../surroundings';
import { waitFor } from '../wait';

/** `jupyter submit show ID`: everything that is known of a job, looked up on its cluster now. */
export async function show(
  surroundings: Surroundings,
  prefix: string,
  {
    files = false,
    follow = false,
    json = false
  }: { files?: boolean; follow?: boolean; json?: boolean }
): Promise<number> {
  const { client, screen } = surroundings;
  const found = await findJob(client, prefix);
  if (follow) {
    return waitFor(surroundings, found.id, { isJson: json });
  }
  if (files) {
    await printFiles(surroundings, found, json);
    return EXIT.succeeded;
  }
  const job = await lookedUp(surroundings, found);
  if (json) {
    screen.line(JSON.stringify({ ...job, files: await readFiles(client, job) }));
    return EXIT.succeeded;
  }
  screen.line(`${screen.paint('strong', job.spec.name)}  ${job.id}`);
  const here = await fileLines(surroundings, job, 'here');
  const left = await fileLines(surroundings, job, 'left');
  const rows = facts(job, lookOf(surroundings), { here, left }).filter(
    ([, lines]) => lines.length > 0
  );
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, lines] of rows) {
    lines.forEach((line, index) =>
      screen.line(`  ${screen.paint('faint', (index === 0 ? label : '').padEnd(width))}  ${line}`)
    );
  }
  return EXIT.succeeded;
}

/** The job as its cluster shows it now; as it was last heard of, when the cluster does not answer. */
async function lookedUp(
  { client, screen, reader }: Surroundings,
  job: JobRecord
): Promise<JobRecord> {
  if (isTerminal(job.state) && job.state !== 'lost') {
    return job;
  }
  try {
    return await client.refresh(job.id);
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      throw error;
    }
    screen.error(printableLine(problemWords(error.problem, reader().trans).title));
    return job;
  }
}

function facts(
  job: JobRecord,
  look: OutcomeLook,
  files: Record<FilesOf, string[]>
): [string, string[]][] {
  const { path, reader } = look;
  const { spec } = job;
  return [
    ['state', [stateLine(job, reader)]],
    ['why', job.state === 'succeeded' ? [] : [...waitLines(job, look), ...causeLines(job, look)]],
    ['mind', noteLines(job, look)],
    ['notebook', [printableLine(path(spec.notebook))]],
    ['cluster', [printableLine(job.cluster.title)]],
    ['asked for', [askedFor(job, reader)]],
    ['engines', engineCount(job)],
    ['submitted', moment(job.submittedAt, reader)],
    ['started', moment(job.startedAt, reader)],
    ['ended', moment(job.endedAt, reader)],
    ['result', resultLines(job, look)],
    ['comes to', comesTo(job, path)],
    ['files', files.here],
    ['left there', files.left],
    ['not taken', job.notTaken.map(printableLine)],
    ['folder', [printableLine(path(job.directory))]],
    ['queue id', job.schedulerId === null ? [] : [printableLine(job.schedulerId)]]
  ];
}

function stateLine(job: JobRecord, reader: Reader): string {
  const contact = contactWords(job, reader);
  const words = printableLine(stateWords(job, reader));
  return contact === '' ? words : `${words}, ${contact}`;
}

/** Where a result is going to be, when it is not beside its source. */
function comesTo({ resultsFolder, result }: JobRecord, path: OutcomeLook['path']): string[] {
  return resultsFolder === undefined || result.notebook !== null
    ? []
    : [printableLine(path(resultsFolder))];
}

function engineCount({ progress }: JobRecord): string[] {
  const { ready, wanted } = progress?.engines ?? { ready: 0, wanted: 0 };
  return wanted === 0 ? [] : [`${ready} of ${wanted}`];
}

function askedFor({ spec }: JobRecord, { trans }: Reader): string {
  return trans._n(
    '%1 core for at most %2',
    '%1 cores for at most %2',
    spec.cores,
    durationWords(spec.timeSeconds, trans)
  );
}

function moment(at: number | null, reader: Reader): string[] {
  return at === null ? [] : [momentWords(at, reader)];
}
