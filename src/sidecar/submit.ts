import path from 'node:path';
import type { Cause } from '../api/causes';
import type { JobRecord } from '../api/job';
import { PROBLEMS } from '../api/problem';
import { jobFile } from '../job/jobFile';
import { queueInterval, retryInterval } from '../job/pace';
import { type JobPaths, folderName, folderOf, fileName, jobPaths } from '../job/paths';
import { schedulers } from '../schedulers';
import { command, quote } from '../schedulers/text';
import { asProblem } from './asProblem';
import type { Context } from './context';
import { commandFailed } from './remote/failure';
import { scriptOf } from './plan';
import { askQueue, shellOf } from './look';
import { runScript, type Shell } from './remote/script';
import type { Submission } from './store';
import { archive, type Sent } from './upload';

/** How long a submission of which nothing is heard is looked for in the queue, in seconds. */
const SEARCH_SECONDS = 600;

/** Seconds that one attempt may take: sbatch alone retries for 150 s, and data may be large. */
const ATTEMPT_SECONDS = 3600;

/** Said of an upload that was cut. */
const NOT_ARRIVED = 'not everything has arrived';

/**
 * What one attempt told: the scheduler's answer; that somebody else holds the claim; that this attempt came to
 * nothing, which says nothing about others; or that the job is withdrawn, and never will be submitted.
 */
type Attempt =
  | { kind: 'answer'; exitCode: number; output: string }
  | { kind: 'claimed' }
  | { kind: 'failed'; text: string }
  | { kind: 'withdrawn' };

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

/** Tries to submit; what cannot be sent, and what is not wanted any more, is withdrawn. */
async function attempt(context: Context, shell: Shell, record: JobRecord): Promise<Attempt> {
  if (record.cancelRequestedAt !== null) {
    return withdraw(shell, record);
  }
  const tried = await tryOnce(context, shell, record).catch((error: unknown): Attempt => {
    const { code, details } = asProblem(error);
    if (PROBLEMS[code].retry) {
      throw error;
    }
    return { kind: 'failed', text: details?.output ?? code };
  });
  if (tried.kind !== 'failed') {
    return tried;
  }
  const found = await withdraw(shell, record);
  return found.kind === 'withdrawn' ? tried : found;
}

/**
 * One round trip: unpack, see that all has arrived, take the claim, submit. The archive's last entry is the job
 * file; where it is missing, the archive was cut. It is unpacked into a folder of this attempt's own: an attempt of a
 * sidecar that has died may still be under way, and must not change what another one has submitted. Between the claim
 * and the answer's rename nothing is printed: a broken pipe would end the script half-way.
 */
async function tryOnce(context: Context, shell: Shell, record: JobRecord): Promise<Attempt> {
  const scheduler = schedulers[record.cluster.scheduler];
  const paths = jobPaths(record.cluster.baseFolder, record.id, record.spec.notebook);
  const job = { id: record.id, spec: record.spec, script: paths.script, log: paths.log };
  const body = `${whatIsKnown(paths)}
mkdir -p ${quote(paths.directory)} && cd ${quote(paths.directory)} || exit 1
upload=$(mktemp -d upload.XXXXXXXX) || exit 1
if ! tar -xof - -C "$upload" <&3 || ! [ -e "$upload/job.json" ]; then
  echo ${quote(NOT_ARRIVED)} >&2
  rm -rf "$upload"
  exit 1
fi
exec 3<&-
mkdir submit.claim 2>/dev/null || { rm -rf "$upload"; echo claimed; exit 0; }
mv "$upload"/* .
${command(scheduler.submitArgv(job))} >submit.out.part 2>submit.err
printf '\n%s\n' "$?" >>submit.out.part
cat submit.err >>submit.out.part
mv submit.out.part submit.out
echo answer; cat submit.out
rm -rf upload.*`;
  if (record.step === null) {
    // On disk: from now on, only the cluster can tell whether the job was submitted.
    context.jobs.update(record.id, { step: { name: 'sending', bytes: 0 } });
  }
  const submission = context.jobs.submission(record.id);
  const answer = await runScript(shell, {
    body,
    timeoutSeconds: ATTEMPT_SECONDS,
    ...(submission && {
      input: archive(things(context, record, submission)),
      ...(Object.keys(submission.environment).length > 0 && {
        environment: submission.environment
      })
    })
  });
  if (answer.exitCode === null) {
    throw commandFailed(record.cluster, shell.remote, 'tar', answer);
  }
  return answer.exitCode === 0
    ? readKnown(answer.stdout)
    : { kind: 'failed', text: lastLines(answer.stderr) };
}

/** Takes the claim, and leaves word of it where the answer would be: nobody can submit the job any more. */
async function withdraw(shell: Shell, record: JobRecord): Promise<Attempt> {
  const paths = jobPaths(record.cluster.baseFolder, record.id, record.spec.notebook);
  const body = `${whatIsKnown(paths)}
if ! mkdir -p ${quote(paths.directory)} || ! cd ${quote(paths.directory)}; then
  [ -e ${quote(paths.directory)} ] && exit 1
  echo answer; echo withdrawn; exit 0
fi
mkdir submit.claim 2>/dev/null || { echo claimed; exit 0; }
echo withdrawn >submit.out.part && mv submit.out.part submit.out
echo answer; echo withdrawn`;
  const answer = await runScript(shell, { body });
  if (answer.exitCode !== 0) {
    throw commandFailed(record.cluster, shell.remote, 'mkdir submit.claim', answer);
  }
  return readKnown(answer.stdout);
}

/** Statements that print what earlier attempts have left, and end there when there is something. */
function whatIsKnown({ directory, submitClaim }: JobPaths): string {
  return `cd ${quote(directory)} 2>/dev/null && [ -e submit.out ] && { echo answer; cat submit.out; exit 0; }
[ -e ${quote(submitClaim)} ] && { echo claimed; exit 0; }
umask 077`;
}

function readKnown(stdout: string): Attempt {
  const [kind, ...lines] = stdout.split('\n');
  return kind === 'answer' ? readAnswer(lines.join('\n')) : { kind: 'claimed' };
}

/** submit.out: what the scheduler printed, its exit code on a line, and what it said on standard error. */
function readAnswer(text: string): Attempt {
  if (text === 'withdrawn\n') {
    return { kind: 'withdrawn' };
  }
  const [, output = '', exitCode = '1', noise = ''] = /^([^]*?)\n(\d+)\n([^]*)$/.exec(text) ?? [];
  return {
    kind: 'answer',
    exitCode: Number(exitCode),
    output: exitCode === '0' ? output : `${output}${noise}`
  };
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
      if (found.exitCode !== 0) {
        end(context, id, { code: 'refused', text: lastLines(found.output) });
        return true;
      }
      const schedulerId = schedulers[cluster.scheduler].parseJobId(found.output);
      if (schedulerId !== null) {
        submitted(context, id, schedulerId);
      }
      return schedulerId !== null;
    }
  }
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

/** Everything that is sent, the job file last. */
function things(context: Context, record: JobRecord, submission: Submission): Sent[] {
  const { id, spec, cluster } = record;
  const { runner } = jobPaths(cluster.baseFolder, id, spec.notebook);
  const root = folderOf(spec.notebook);
  const folder = `work/${folderName(spec.notebook)}`;
  return [
    { path: 'script.sh', text: scriptOf(id, spec, cluster), mode: 0o700 },
    { path: fileName(runner), file: context.runner },
    { path: 'logs/', folder: true },
    { path: `${folder}/`, folder: true },
    ...submission.folders.map(name => ({ path: `${folder}/${name}/`, folder: true }) as const),
    ...submission.files.map(name => ({ path: `${folder}/${name}`, file: path.join(root, name) })),
    { path: `${folder}/${fileName(spec.notebook)}`, text: submission.notebook },
    {
      path: 'job.json',
      text: jobFile(schedulers[cluster.scheduler], id, spec, cluster, submission.engines)
    }
  ];
}

function lastLines(text: string): string {
  return text.trim().slice(-2000);
}
