import type { Cause } from '../api/causes';
import type { JobRecord } from '../api/job';
import { queueInterval, retryInterval } from '../job/pace';
import { schedulers } from '../schedulers';
import { asProblem } from './asProblem';
import { type Attempt, NOT_ARRIVED, attempt, lastLines } from './attempt';
import type { Context } from './context';
import { askQueue, shellOf } from './look';
import type { Shell } from './remote/script';

/** How long a submission of which nothing is heard is looked for in the queue, in seconds. */
const SEARCH_SECONDS = 600;

/**
 * Brings a job that is preparing into the queue, or ends it. May be called again at any time after a crash: the
 * remote side submits at most once, whoever asks and however often.
 */
export async function submitJob(context: Context, id: string): Promise<void> {
  await context.faults.within('submit', () => submit(context, id));
}

async function submit(context: Context, id: string): Promise<void> {
  const { jobs, clock, log } = context;
  const shell = shellOf(context, jobs.get(id).cluster);
  let unclearSince: number | null = null;
  let failures = 0;
  while (!context.stopping.aborted) {
    const record = jobs.get(id);
    if (record.cancelRequestedAt !== null && record.step === null) {
      // Nothing has been tried yet.
      end(context, id, { code: 'cancelled', by: 'you' });
      return;
    }
    let seconds: number;
    try {
      if (
        settle(context, record, await attempt(context, shell, record)) ||
        (await findInQueue(context, shell, record))
      ) {
        return;
      }
      const now = clock.now();
      unclearSince ??= now;
      if (now - unclearSince > SEARCH_SECONDS) {
        end(context, id, { code: 'submission-unclear' });
        return;
      }
      failures = 0;
      jobs.show(id, { contact: { seenAt: now, problem: null } });
      seconds = queueInterval(now - unclearSince, shell.scheduler.queuePace);
    } catch (error) {
      const problem = asProblem(error);
      failures += 1;
      log.warn({ job: id, problem, err: error }, 'submission failed, will be tried again');
      jobs.show(id, { contact: { ...record.contact, problem } });
      seconds = retryInterval(failures);
    }
    await pause(context, record, seconds);
  }
}

/** Waits, but not once somebody asks for the end of the job. */
async function pause(
  { jobs, clock, stopping }: Context,
  { id, cancelRequestedAt }: JobRecord,
  seconds: number
): Promise<void> {
  const asked = new AbortController();
  const notice = (): void => {
    if (jobs.get(id).cancelRequestedAt !== cancelRequestedAt) {
      asked.abort();
    }
  };
  const leave = jobs.listen(notice);
  notice();
  await clock.sleep(seconds, AbortSignal.any([asked.signal, stopping]));
  leave();
}

/** Acts on an attempt; false when it left open whether the job was submitted. */
function settle(context: Context, { id, cluster }: JobRecord, found: Attempt): boolean {
  switch (found.kind) {
    case 'claimed':
      return false;
    case 'failed':
      end(context, id, { code: 'not-sent', text: found.text });
      return true;
    case 'withdrawn': {
      const { cancelRequestedAt } = context.jobs.get(id);
      end(
        context,
        id,
        cancelRequestedAt === null
          ? { code: 'not-sent', text: NOT_ARRIVED }
          : { code: 'cancelled', by: 'you' }
      );
      return true;
    }
    case 'answer': {
      const scheduler = schedulers[cluster.scheduler];
      if (found.exitCode !== 0) {
        const reason = wasEnded(found.exitCode) ? 'unclear' : scheduler.parseRefusal(found.output);
        if (reason === 'unclear') {
          // It may be in the queue nevertheless, and is looked for there.
          return false;
        }
        end(context, id, { code: 'refused', reason, text: lastLines(found.output) });
        return true;
      }
      const schedulerId = scheduler.parseJobId(found.output);
      if (schedulerId !== null) {
        submitted(context, id, schedulerId);
      }
      return schedulerId !== null;
    }
  }
}

/** Whether a signal ended the submission, who knows where: the shell's 128 and the signal. */
function wasEnded(exitCode: number): boolean {
  return exitCode > 128 && exitCode <= 192;
}

/** Looks for the job's id in the queue, where its name carries it. */
async function findInQueue(context: Context, shell: Shell, record: JobRecord): Promise<boolean> {
  context.jobs.show(record.id, { step: { name: 'checking', bytes: 0 } });
  const queue = await askQueue(shell, schedulers[record.cluster.scheduler]);
  const entry = queue?.find(({ jobId }) => jobId === record.id);
  if (entry) {
    submitted(context, record.id, entry.schedulerId);
  }
  return entry !== undefined;
}

function submitted(context: Context, id: string, schedulerId: string): void {
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

function end(context: Context, id: string, cause: Cause): void {
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
