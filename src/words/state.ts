import { type JobRecord, type JobState, isTerminal } from '../api/job';
import type { Translator } from '../api/translation';
import { formatBytes } from '../api/memory';
import { causeLine } from './cause';
import { durationWords } from './duration';
import { queueWords } from './queue';
import type { Reader } from './reader';

/** Seconds in one cell that are not worth a word. */
const SOON = 3;

/** Where a job is, in one line: `cell 7 of 23, 3 min in this cell, 12 min of 2 h`. */
export function stateWords(job: JobRecord, reader: Reader): string {
  const { trans } = reader;
  const words = bareStateWords(job, reader);
  if (isTerminal(job.state)) {
    return job.result.place === 'fetching' ? trans.__('%1, fetching results', words) : words;
  }
  return job.cancelRequestedAt === null || job.state === 'finishing'
    ? words
    : trans.__('being cancelled (%1)', words);
}

/** The same without what is asked of it, and without where its result is. */
export function bareStateWords(job: JobRecord, reader: Reader): string {
  const { trans } = reader;
  switch (job.state) {
    case 'preparing':
      return preparingWords(job, trans);
    case 'queued':
      return queueWords(job.queue, reader);
    case 'starting':
      return startingWords(job, trans);
    case 'running':
      return runningWords(job, reader);
    case 'finishing':
      return trans.__('fetching results');
    case 'succeeded':
      return succeededWords(job, trans);
    case 'failed':
      return job.cause === null
        ? trans.__('failed')
        : trans.__('failed: %1', causeLine(job.cause, trans));
    case 'timed-out':
      return timedOutWords(job, trans);
    case 'cancelled':
      return cancelledWords(job, trans);
    case 'lost':
      return trans.__('outcome unknown');
    default:
      return job.state satisfies never;
  }
}

/** A state alone, in a word or two, for a column or a filter. */
export function stateLabel(state: JobState, trans: Translator): string {
  switch (state) {
    case 'preparing':
      return trans.__('preparing');
    case 'queued':
      return trans.__('waiting');
    case 'starting':
      return trans.__('starting');
    case 'running':
      return trans.__('running');
    case 'finishing':
      return trans.__('finishing');
    case 'succeeded':
      return trans.__('done');
    case 'failed':
      return trans.__('failed');
    case 'timed-out':
      return trans.__('out of time');
    case 'cancelled':
      return trans.__('cancelled');
    case 'lost':
      return trans.__('unknown');
    default:
      return state satisfies never;
  }
}

function preparingWords({ step }: JobRecord, trans: Translator): string {
  if (step === null) {
    return trans.__('preparing');
  }
  switch (step.name) {
    case 'reading':
      return trans.__('reading the notebook');
    case 'sending':
      return step.bytes === 0
        ? trans.__('sending')
        : trans.__('sending %1', formatBytes(step.bytes));
    case 'submitting':
      return trans.__('submitting');
    case 'checking':
      return trans.__('asking the cluster whether it took the job');
    default:
      return step.name satisfies never;
  }
}

function startingWords({ progress }: JobRecord, trans: Translator): string {
  return progress === null || progress.engines.wanted === 0
    ? trans.__('starting')
    : trans.__('starting engines, %1 of %2', progress.engines.ready, progress.engines.wanted);
}

function runningWords(job: JobRecord, { now, trans }: Reader): string {
  const cell = job.progress?.cell ?? null;
  const limit = durationWords(job.spec.timeSeconds, trans);
  const elapsed =
    job.startedAt === null
      ? trans.__('at most %1', limit)
      : trans.__('%1 of %2', durationWords(now - job.startedAt, trans), limit);
  if (cell === null) {
    return trans.__('running, %1', elapsed);
  }
  const inCell = now - cell.startedAt;
  return inCell < SOON
    ? trans.__('cell %1 of %2, %3', cell.index, cell.total, elapsed)
    : trans.__(
        'cell %1 of %2, %3 in this cell, %4',
        cell.index,
        cell.total,
        durationWords(inCell, trans),
        elapsed
      );
}

function succeededWords({ endedAt, startedAt }: JobRecord, trans: Translator): string {
  return startedAt === null || endedAt === null
    ? trans.__('done')
    : trans.__('done in %1', durationWords(endedAt - startedAt, trans));
}

function timedOutWords({ cause }: JobRecord, trans: Translator): string {
  if (cause?.code === 'deadline') {
    return trans.__('deadline passed');
  }
  return cause?.code === 'time-limit' && cause.cell !== null
    ? trans.__('time limit reached in cell %1', cause.cell)
    : trans.__('time limit reached');
}

function cancelledWords({ cause }: JobRecord, trans: Translator): string {
  switch (cause?.code === 'cancelled' ? cause.by : 'unknown') {
    case 'you':
      return trans.__('cancelled by you');
    case 'administrator':
      return trans.__('cancelled by an administrator');
    case 'account':
    case 'cluster':
      return trans.__('cancelled on the cluster');
    case 'unknown':
      return trans.__('cancelled');
  }
}
