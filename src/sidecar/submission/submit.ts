import type { Cause } from '../../api/causes';
import type { JobRecord } from '../../api/job';
import { queueInterval, retryInterval } from '../../job/pace';
import { asProblem } from '../process/asProblem';
import { type Attempt, type Attempting, attempt, lastLines } from './attempt';
import { NOT_ARRIVED } from './attemptScripts';
import type { Log } from '../process/log';
import { type ClusterShell, type Ways, shellOf } from '../clusters/shell';
import { askQueue } from '../watching/look';

/** How long a submission of which nothing is heard is looked for in the queue, in seconds. */
const SEARCH_SECONDS = 600;

/** What submitting a job uses. */
export interface Submitting extends Attempting, Ways {
  log: Log;
  stopping: AbortSignal;
}

/**
 * Brings a job that is preparing into the queue, or ends it. May be called again at any time after a crash: the
 * remote side submits at most once, whoever asks and however often.
 */
export async function submitJob(context: Submitting, id: string): Promise<void> {
  const { jobs, clock, log, stopping } = context;
  const shell = shellOf(context, jobs.get(id).cluster);
  let unclearSince: number | null = null;
  let failures = 0;
  while (!stopping.aborted) {
    const record = jobs.get(id);
    if (record.cancelRequestedAt !== null && record.step === null) {
      // Nothing has been tried yet.
      endUnsubmitted(context, id, { code: 'cancelled', by: 'you' });
      return;
    }
    const cancel = noticeCancel(context, record);
    let seconds: number;
    try {
      if (
        await settle(context, shell, record, await attempt(context, shell, record, cancel.signal))
      ) {
        return;
      }
      const now = clock.now();
      unclearSince ??= now;
      if (now - unclearSince > SEARCH_SECONDS) {
        endUnsubmitted(context, id, { code: 'submission-unclear' });
        return;
      }
      failures = 0;
      jobs.show(id, { contact: { seenAt: now, problem: null } });
      const { queueSeconds } = record.cluster;
      seconds = queueInterval(now - unclearSince, shell.scheduler.queuePace, queueSeconds);
    } catch (error) {
      const problem = asProblem(error);
      failures += 1;
      log.warn({ job: id, problem, err: error }, 'submission failed, will be tried again');
      jobs.show(id, { contact: { ...record.contact, problem } });
      seconds = retryInterval(failures);
    } finally {
      cancel.leave();
    }
    await pause(context, record, seconds);
  }
}

/** Waits, but not once somebody asks for the end of the job. */
async function pause(context: Submitting, record: JobRecord, seconds: number): Promise<void> {
  const cancel = noticeCancel(context, record);
  await context.clock.sleep(seconds, AbortSignal.any([cancel.signal, context.stopping]));
  cancel.leave();
}

/** A signal that is given when somebody asks for the end of the job, until nobody needs it any more. */
function noticeCancel(
  { jobs }: Pick<Submitting, 'jobs'>,
  { id, cancelRequestedAt }: JobRecord
): { signal: AbortSignal; leave: () => void } {
  const asked = new AbortController();
  const notice = (): void => {
    if (jobs.get(id).cancelRequestedAt !== cancelRequestedAt) {
      asked.abort();
    }
  };
  const leave = jobs.listen(notice);
  notice();
  return { signal: asked.signal, leave };
}

/** Acts on an attempt; false when it left open whether the job was submitted. */
async function settle(
  context: Submitting,
  shell: ClusterShell,
  record: JobRecord,
  found: Attempt
): Promise<boolean> {
  const { id } = record;
  const { scheduler } = shell;
  switch (found.kind) {
    case 'claimed': {
      // Its own files first: a submission may return when its job is over.
      const schedulerId = found.startedAs ?? scheduler.parseJobId(found.stdout);
      if (schedulerId !== null) {
        submitted(context, id, schedulerId);
      }
      return schedulerId !== null || (await inQueue(context, shell, record)) === 'found';
    }
    case 'failed':
      endUnsubmitted(context, id, notSent(record, found));
      return true;
    case 'withdrawn': {
      const { cancelRequestedAt } = context.jobs.get(id);
      endUnsubmitted(
        context,
        id,
        cancelRequestedAt === null
          ? { code: 'not-sent', text: NOT_ARRIVED }
          : { code: 'cancelled', by: 'you' }
      );
      return true;
    }
    case 'answer':
      return settleAnswer(context, shell, record, found);
  }
}

function notSent(
  { cluster }: JobRecord,
  { lacks, text }: Extract<Attempt, { kind: 'failed' }>
): Cause {
  return lacks === null
    ? { code: 'not-sent', text }
    : { code: 'no-room', lacks, folder: cluster.baseFolder, text };
}

/**
 * Acts on the answer of a submission. One that holds an id is a job, whatever its status and words: a site's own command may
 * fail after it has submitted, and a queue may not show yet, or any more, what it took. Where it failed, the queue is asked
 * first which job is ours; it also says what is true where a failure is not in words that are known.
 */
async function settleAnswer(
  context: Submitting,
  shell: ClusterShell,
  record: JobRecord,
  { exitCode, output, stdout }: Extract<Attempt, { kind: 'answer' }>
): Promise<boolean> {
  const { id } = record;
  const { scheduler } = shell;
  const schedulerId = scheduler.parseJobId(stdout);
  if (exitCode === 0 && schedulerId !== null) {
    submitted(context, id, schedulerId);
    return true;
  }
  const reason = exitCode === 0 || wasEnded(exitCode) ? 'unclear' : scheduler.parseRefusal(output);
  const isRefusal = schedulerId === null && reason !== null && reason !== 'unclear';
  const seen = isRefusal ? 'absent' : await inQueue(context, shell, record);
  if (seen === 'found') {
    return true;
  }
  if (schedulerId !== null) {
    submitted(context, id, schedulerId);
    return true;
  }
  if (reason !== 'unclear' && seen === 'absent') {
    endUnsubmitted(context, id, { code: 'refused', reason, text: lastLines(output) });
    return true;
  }
  return false;
}

/** Whether a signal ended the submission, who knows where: the shell's 128 and the signal. */
function wasEnded(exitCode: number): boolean {
  return exitCode > 128 && exitCode <= 192;
}

/** Looks for the job's id in the queue, where its name carries it. */
async function inQueue(
  context: Submitting,
  shell: ClusterShell,
  record: JobRecord
): Promise<'found' | 'absent' | 'silent'> {
  context.jobs.show(record.id, { step: { name: 'checking', bytes: 0 } });
  const queue = await askQueue(shell, shell.scheduler);
  const entry = queue?.find(({ jobId }) => jobId === record.id);
  if (entry) {
    submitted(context, record.id, entry.schedulerId);
    return 'found';
  }
  return queue === null ? 'silent' : 'absent';
}

function submitted(context: Submitting, id: string, schedulerId: string): void {
  const { jobs, clock, log } = context;
  const now = clock.now();
  jobs.update(id, {
    state: 'queued',
    schedulerId,
    submittedAt: now,
    step: null,
    contact: { seenAt: now, problem: null }
  });
  jobs.forgetSubmission(id);
  log.info({ job: id, schedulerId }, 'submitted');
}

/** Ends a job of which nothing is on the way, or nothing is known. */
export function endUnsubmitted(context: Submitting, id: string, cause: Cause): void {
  const { jobs, clock, log } = context;
  const unclear = cause.code === 'submission-unclear';
  jobs.update(id, {
    state: cause.code === 'cancelled' ? 'cancelled' : unclear ? 'lost' : 'failed',
    cause,
    endedAt: clock.now(),
    step: null,
    result: { ...jobs.get(id).result, place: 'none' }
  });
  jobs.forgetSubmission(id);
  log.warn({ job: id, cause }, 'not submitted');
}
