import { type JobRecord, isTerminal } from '../../api/job';
import { problem } from '../../api/problem';
import { type Reader, contactLines, momentWords, problemWords, stateWords } from '../../words';
import { EXIT } from '../exitCode';
import { printableLine } from '../printable';
import type { Surroundings } from '../surroundings';
import { columnsOf, cutEnd, cutMiddle, padEnd } from '../width';

/** How many jobs that are over are listed, unless all are asked for. */
const MOST_OVER = 20;

const LONGEST_NAME = 32;

/** `jupyter submit list`: jobs, newest first, one a line. */
export async function list(
  { client, reader, screen }: Surroundings,
  { all = false, json = false }: { all?: boolean; json?: boolean }
): Promise<number> {
  const { jobs, unreadable } = await client.list();
  for (const id of unreadable) {
    const { problem: why } = problem('job-unreadable', { id });
    screen.error(printableLine(problemWords(why, reader().trans).title));
  }
  const shown = all ? jobs : recent(jobs);
  if (json) {
    shown.forEach(job => screen.line(JSON.stringify(job)));
    return EXIT.succeeded;
  }
  if (jobs.length + unreadable.length === 0) {
    screen.line('No jobs yet. Submit one: jupyter submit NOTEBOOK');
  }
  jobLines(shown, reader()).forEach(line => {
    screen.line(screen.columns === null ? line : cutEnd(line, screen.columns - 1));
  });
  if (shown.length < jobs.length) {
    screen.line(`${jobs.length - shown.length} older: jupyter submit list --all`);
  }
  return EXIT.succeeded;
}

/** Jobs that are not over, however old, and the newest of the others. */
function recent(jobs: readonly JobRecord[]): JobRecord[] {
  const over = jobs.filter(({ state }) => isTerminal(state)).slice(0, MOST_OVER);
  return jobs.filter(job => !isTerminal(job.state) || over.includes(job));
}

/** Columns: id, when, name, cluster (where there is more than one), state. */
function jobLines(jobs: readonly JobRecord[], reader: Reader): string[] {
  const isOneCluster = new Set(jobs.map(({ cluster }) => cluster.title)).size === 1;
  const rows = jobs.map(job => [
    job.id,
    momentWords(job.createdAt, reader),
    cutMiddle(job.spec.name, LONGEST_NAME),
    ...(isOneCluster ? [] : [printableLine(job.cluster.title)]),
    printableLine([stateWords(job, reader), ...contactLines(job, reader)].join(', '))
  ]);
  const widths = (rows[0] ?? [])
    .slice(0, -1)
    .map((_, column) => Math.max(...rows.map(row => columnsOf(row[column] ?? ''))));
  return rows.map(row => row.map((cell, column) => padEnd(cell, widths[column] ?? 0)).join('  '));
}
