import { type JobRecord, isTerminal } from '../api/job';
import { formatBytes } from '../api/memory';
import {
  type Reader,
  causeWords,
  leftWords,
  noteWords,
  outputWords,
  problemWords,
  resultWords,
  stateLabel,
  stateWords,
  waitWords
} from '../words';
import type { Ink, Paint } from './paint';
import { printable, printableLine } from './printable';

/** How many lines of a log's tail, or of a cluster's answer, are shown. */
const MOST_DETAILS = 20;

/** How an outcome is written. */
export interface OutcomeLook {
  paint: Paint;
  reader: Reader;
  hasUnicode: boolean;
  /** Writes an absolute path for people. */
  path: (absolute: string) => string;
}

/** What became of a job that is over, in a few lines: the verdict, why, what to do, where the result is. */
export function outcomeLines(job: JobRecord, look: OutcomeLook): string[] {
  const { paint, reader } = look;
  const { ink, mark } = verdict(job, look.hasUnicode);
  const why = causeLines(job, look);
  // The cause below says the rest; only a cancelled job has nothing to add.
  const words =
    why.length > 0 && (job.state === 'failed' || job.state === 'timed-out')
      ? stateLabel(job.state, reader.trans)
      : printableLine(stateWords(job, reader));
  return [
    `${paint(ink, mark)} ${paint('strong', job.spec.name)} ${paint('faint', job.id)}  ${words}`,
    ...[
      ...(job.state === 'cancelled' ? [] : why),
      ...noteLines(job, look),
      ...resultLines(job, look)
    ].map(line => `  ${line}`)
  ];
}

/** What somebody has to do whose job does not start by itself. */
export function waitLines(job: JobRecord, { paint, reader }: OutcomeLook): string[] {
  const words = waitWords(job, reader.trans);
  return words === null
    ? []
    : [
        printableLine(words.title),
        printableLine(words.advice),
        ...detailLines(words.details).map(line => paint('faint', line))
      ];
}

/** Why a job ended as it did. */
export function causeLines(job: JobRecord, { paint, reader }: OutcomeLook): string[] {
  const { cause } = job;
  if (cause === null) {
    return [];
  }
  const { advice, details, title } = causeWords(cause, reader.trans);
  return [
    printableLine(title),
    ...(advice === '' ? [] : [printableLine(advice)]),
    ...missedLines(job, reader),
    ...detailLines(details).map(line => paint('faint', line))
  ];
}

/** What was not taken along, said again where a cell asked for it in vain. */
function missedLines({ cause, notTaken }: JobRecord, { trans }: Reader): string[] {
  return cause?.code === 'cell-error' && cause.ename === 'FileNotFoundError'
    ? notTaken.map(literal => trans.__('Not taken along: %1', printableLine(literal)))
    : [];
}

/** What else a person has to know of a job. */
export function noteLines({ notes }: JobRecord, { reader }: OutcomeLook): string[] {
  return notes.map(note => printableLine(noteWords(note, reader.trans)));
}

/** Where the result is: the notebook, the files beside it, what was left, what stands in the way. */
export function resultLines(job: JobRecord, { path, paint, reader }: OutcomeLook): string[] {
  const { files, folder, place, problem } = job.result;
  if (!isTerminal(job.state)) {
    return [];
  }
  const { trans } = reader;
  const where = printableLine(resultWords(job, trans, path));
  const left = printableLine(leftWords(job, trans));
  const how = problem === null ? null : problemWords(problem, trans);
  return [
    place === 'here' ? paint('strong', where) : where,
    folder !== null &&
      trans._n(
        '%2 (%1 file, %3)',
        '%2 (%1 files, %3)',
        files.count,
        `${printableLine(path(folder))}/`,
        formatBytes(files.bytes)
      ),
    how !== null && place === 'here' && printableLine(how.title),
    how !== null && how.advice !== '' && printableLine(how.advice),
    outputWords(job, trans),
    left,
    (job.result.left.lost > (job.result.left.kept ?? 0) || place === 'kept') &&
      trans.__('Fetch: jupyter submit fetch %1 [--to FOLDER]', job.id)
  ].filter((line): line is string => typeof line === 'string' && line !== '');
}

/** The last lines of a text from elsewhere. */
export function detailLines(details: string): string[] {
  return details === '' ? [] : printable(details).trimEnd().split('\n').slice(-MOST_DETAILS);
}

function verdict(job: JobRecord, hasUnicode: boolean): { ink: Ink; mark: string } {
  switch (job.state) {
    case 'succeeded':
      return { ink: 'good', mark: hasUnicode ? '✓' : 'ok' };
    case 'failed':
    case 'timed-out':
      return { ink: 'bad', mark: hasUnicode ? '✗' : 'x' };
    case 'cancelled':
    case 'lost':
      return { ink: 'warning', mark: hasUnicode ? '■' : '!' };
    case 'preparing':
    case 'queued':
    case 'starting':
    case 'running':
    case 'finishing':
      return { ink: 'accent', mark: hasUnicode ? '◐' : '*' };
    default:
      return job.state satisfies never;
  }
}
