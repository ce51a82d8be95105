import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Cause } from '../api/causes';
import type { JobRecord } from '../api/job';
import { PROBLEMS, ProblemError } from '../api/problem';
import { jobFile } from '../job/jobFile';
import { retryInterval } from '../job/pace';
import { folderName, folderOf, fileName, jobPaths } from '../job/paths';
import { schedulers } from '../schedulers';
import { command, quote } from '../schedulers/text';
import { remoteOf } from './clusters';
import type { Context } from './context';
import { scriptOf } from './plan';
import { askQueue } from './look';
import { runScript, type Shell } from './remote/script';
import type { Submission } from './store';
import { archive, type Sent } from './upload';

/** How long a submission of which nothing is heard is looked for in the queue, in seconds. */
const SEARCH_SECONDS = 600;

/** Seconds that one attempt may take: sbatch alone retries for 150 s, and data may be large. */
const ATTEMPT_SECONDS = 3600;

/** What one attempt told: the scheduler's answer, that somebody else holds the claim, or that nothing was sent. */
type Attempt =
  | { kind: 'answer'; exitCode: number; output: string }
  | { kind: 'claimed' }
  | { kind: 'not-sent'; text: string };

/**
 * Brings a job that is preparing into the queue, or ends it. May be called again at any time after a crash: the
 * remote side submits at most once, whoever asks and however often.
 */
export async function submitJob(context: Context, id: string): Promise<void> {
  await context.faults.within('submit', () => submit(context, id));
}

async function submit(context: Context, id: string): Promise<void> {
  const { jobs, clock, log } = context;
  const submission = jobs.submission(id);
  const shell = { remote: remoteOf(jobs.get(id).cluster), faults: context.faults };
  const begun = clock.now();
  for (let failures = 0; !context.stopping.aborted;) {
    const record = jobs.get(id);
    if (record.cancelRequestedAt !== null && record.step?.name !== 'checking') {
      end(context, id, { code: 'cancelled', by: 'you' });
      return;
    }
    try {
      const attempt = await tryOnce(context, shell, record, submission);
      if (settle(context, record, attempt)) {
        return;
      }
      if (await findInQueue(context, shell, record)) {
        return;
      }
      if (clock.now() - begun > SEARCH_SECONDS) {
        end(context, id, { code: 'submission-unclear' });
        return;
      }
      failures = 0;
      await clock.sleep(2, context.stopping);
    } catch (error) {
      if (!(error instanceof ProblemError)) {
        throw error;
      }
      const { code, details } = error.problem;
      if (!PROBLEMS[code].retry) {
        end(context, id, { code: 'not-sent', text: details?.output ?? code });
        return;
      }
      failures += 1;
      log.warn({ job: id, problem: error.problem }, 'submission failed, will be tried again');
      jobs.show(id, { contact: { ...record.contact, problem: error.problem } });
      await clock.sleep(retryInterval(failures), context.stopping);
    }
  }
}

/**
 * One round trip: unpack, see that all has arrived, take the claim, submit. The archive's last entry is the job
 * file; where it is missing, the archive was cut. Between the claim and the answer's rename nothing is printed: a
 * broken pipe would end the script half-way.
 */
async function tryOnce(
  context: Context,
  shell: Shell,
  record: JobRecord,
  submission: Submission | null
): Promise<Attempt> {
  const scheduler = schedulers[record.cluster.scheduler];
  const paths = jobPaths(record.cluster.baseFolder, record.id, record.spec.notebook);
  const job = { id: record.id, spec: record.spec, script: paths.script, log: paths.log };
  const body = `
cd ${quote(paths.directory)} 2>/dev/null && [ -e submit.out ] && { echo answer; cat submit.out; exit 0; }
[ -e ${quote(paths.submitClaim)} ] && { echo claimed; exit 0; }
umask 077
mkdir -p ${quote(paths.directory)} && cd ${quote(paths.directory)} || exit 1
tar -xof - <&3 || exit 1
[ -e job.json ] || { echo 'the upload was cut' >&2; exit 1; }
mkdir submit.claim 2>/dev/null || { echo claimed; exit 0; }
${command(scheduler.submitArgv(job))} >submit.out.part 2>submit.err
printf '\\n%s\\n' "$?" >>submit.out.part
cat submit.err >>submit.out.part
mv submit.out.part submit.out
echo answer; cat submit.out`;
  context.jobs.show(record.id, { step: { name: 'sending', bytes: 0 } });
  const answer = await runScript(shell, {
    body,
    timeoutSeconds: ATTEMPT_SECONDS,
    ...(submission && {
      input: archive(await things(context, record, submission)),
      environment: submission.environment
    })
  });
  const [kind, ...lines] = answer.stdout.split('\n');
  if (answer.exitCode !== 0) {
    return { kind: 'not-sent', text: lastLines(answer.stderr) };
  }
  return kind === 'answer' ? readAnswer(lines.join('\n')) : { kind: 'claimed' };
}

/** submit.out: what the scheduler printed, its exit code on a line, and what it said on standard error. */
function readAnswer(text: string): Attempt {
  const [, output = '', exitCode = '1', noise = ''] = /^([^]*?)\n(\d+)\n([^]*)$/.exec(text) ?? [];
  return {
    kind: 'answer',
    exitCode: Number(exitCode),
    output: exitCode === '0' ? output : `${output}${noise}`
  };
}

/** Acts on an attempt; false when it left open whether the job was submitted. */
function settle(context: Context, record: JobRecord, attempt: Attempt): boolean {
  if (attempt.kind === 'not-sent') {
    end(context, record.id, { code: 'not-sent', text: attempt.text });
    return true;
  }
  if (attempt.kind === 'claimed') {
    return false;
  }
  if (attempt.exitCode !== 0) {
    end(context, record.id, { code: 'refused', text: lastLines(attempt.output) });
    return true;
  }
  const schedulerId = schedulers[record.cluster.scheduler].parseJobId(attempt.output);
  if (schedulerId !== null) {
    submitted(context, record.id, schedulerId);
  }
  return schedulerId !== null;
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
async function things(
  context: Context,
  record: JobRecord,
  submission: Submission
): Promise<Sent[]> {
  const { id, spec, cluster } = record;
  const root = folderOf(spec.notebook);
  const folder = `work/${folderName(spec.notebook)}`;
  return [
    { path: 'script.sh', text: scriptOf(id, spec, cluster), mode: 0o700 },
    { path: 'run_notebook.py', text: await readFile(context.runner, 'utf8') },
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
