import type { Readable } from 'node:stream';
import { readSchedulerId, readStatus } from '../../api/bounds';
import type { JobRecord } from '../../api/job';
import { FILES, UPLOADS } from '../../api/jobDirectory';
import { mayHeal } from '../../api/problem';
import { jobDirectory } from '../../job/paths';
import { quote } from '../../shell/quote';
import { asProblem } from '../process/asProblem';
import {
  ERRORS,
  KEEP,
  NOT_SEEN,
  arrive,
  find,
  readKept,
  take,
  whatIsKnown
} from './attemptScripts';
import { cargo } from './cargo';
import type { Clock } from '../process/clock';
import { batchJobOf } from './plan';
import { commandFailed } from '../remote/failure';
import { type Packing, keptUpload } from './keptUpload';
import { type ClusterShell, isFilesApart, transferHostApart } from '../clusters/shell';
import type { RemoteAnswer } from '../remote/remote';
import { noRoomIn } from '../remote/room';
import { runScript, type Shell } from '../remote/script';
import { Stall, TRANSFER_SECONDS } from '../remote/stall';
import type { PendingSubmission } from '../records/store';
import { archive } from './upload';

/** Seconds for what comes once all is sent: checking it, and sbatch, which alone retries for 150 s. */
const ATTEMPT_SECONDS = 3600;

/** How much of what a submission said is looked through for its reason, from its end, in characters. */
const MOST_SAID = 20_000;

/**
 * What one attempt told: the scheduler's answer, with all that it printed; that a submission is under way, with what it
 * has printed on standard output and the id of the job where that has started; that this attempt came to nothing, which
 * says nothing about others, perhaps as there is no room; or that the job is withdrawn, and never will be submitted.
 */
export type Attempt =
  | { kind: 'answer'; exitCode: number; stdout: string; output: string }
  | { kind: 'claimed'; stdout: string; startedAs: string | null }
  | { kind: 'failed'; text: string; lacks: 'disk' | 'quota' | null }
  | { kind: 'withdrawn' };

/** What an attempt uses. */
export interface Attempting extends Packing {
  clock: Clock;
}

/**
 * Tries to submit; what cannot be sent, and what is not wanted any more, is withdrawn.
 *
 * @param unwanted Gives up what is being sent.
 */
export async function attempt(
  context: Attempting,
  shell: ClusterShell,
  record: JobRecord,
  unwanted: AbortSignal
): Promise<Attempt> {
  if (record.cancelRequestedAt !== null) {
    return withdraw(shell, record);
  }
  const tried = await tryOnce(context, shell, record, unwanted).catch(
    (error: unknown): Attempt | Promise<Attempt> => {
      if (unwanted.aborted) {
        return withdraw(shell, record);
      }
      const { code, details } = asProblem(error);
      if (mayHeal(code)) {
        throw error;
      }
      return { kind: 'failed', text: details?.output ?? code, lacks: null };
    }
  );
  if (tried.kind !== 'failed') {
    return tried;
  }
  const found = await withdraw(shell, record);
  return found.kind === 'withdrawn' ? tried : found;
}

/**
 * One round trip: unpack, see that all has arrived unharmed, take the claim, submit (attemptScripts.ts). Where files go through
 * another host it is two: what has arrived by the first is submitted by the second.
 */
async function tryOnce(
  context: Attempting,
  shell: ClusterShell,
  record: JobRecord,
  unwanted: AbortSignal
): Promise<Attempt> {
  const directory = jobDirectory(record.cluster.baseFolder, record.id);
  const submits = take(
    shell.scheduler.submitArgv(batchJobOf(record.id, record.spec, record.cluster))
  );
  if (record.step === null) {
    // On disk: from now on, only the cluster can tell whether the job was submitted.
    context.jobs.update(record.id, { step: { name: 'sending', bytes: 0 } });
  }
  const isApart = isFilesApart(shell);
  const answer = await send(
    context,
    shell.files,
    record,
    `${arrive(directory)}\n${isApart ? KEEP : submits}`,
    unwanted
  );
  if (answer.exitCode !== 0) {
    const where = isApart ? `${shell.files.remote.where}: ` : '';
    const text = `${where}${lastLines(answer.stderr)}`;
    return { kind: 'failed', text, lacks: noRoomIn(answer.stderr) };
  }
  const upload = isApart ? readKept(answer.stdout) : null;
  return upload === null
    ? readKnown(answer.stdout)
    : submitUpload(shell, record, upload, submits, unwanted);
}

/** Sends everything to whatever a script does with it. */
async function send(
  context: Attempting,
  shell: Shell,
  record: JobRecord,
  body: string,
  unwanted: AbortSignal
): Promise<RemoteAnswer> {
  const submission = context.jobs.submission(record.id);
  const stall = new Stall(shell.remote.stallSeconds);
  const input = submission && (await sent(context, record, submission, stall));
  const answer = await runScript(shell, {
    body,
    timeoutSeconds: TRANSFER_SECONDS,
    signal: AbortSignal.any([unwanted, stall.signal]),
    ...(submission &&
      input && {
        input,
        ...(Object.keys(submission.environment).length > 0 && {
          environment: submission.environment
        })
      })
  }).finally(() => stall.over());
  if (answer.exitCode === null) {
    throw commandFailed(record.cluster, shell.remote, 'tar', answer);
  }
  return answer;
}

/** Submits what has arrived through another host. */
async function submitUpload(
  shell: ClusterShell,
  record: JobRecord,
  upload: string,
  submits: string,
  signal: AbortSignal
): Promise<Attempt> {
  const directory = jobDirectory(record.cluster.baseFolder, record.id);
  const answer = await runScript(shell, {
    body: `${find(directory, upload)}\n${submits}`,
    timeoutSeconds: ATTEMPT_SECONDS,
    signal
  });
  if (answer.exitCode === NOT_SEEN) {
    throw transferHostApart(shell, record.cluster.baseFolder);
  }
  if (answer.exitCode === null) {
    throw commandFailed(record.cluster, shell.remote, 'sbatch', answer);
  }
  return answer.exitCode === 0
    ? readKnown(answer.stdout)
    : { kind: 'failed', text: lastLines(answer.stderr), lacks: null };
}

/** All that is sent; once it has gone, what follows has its own time. */
async function sent(
  context: Attempting,
  record: JobRecord,
  submission: PendingSubmission,
  stall: Stall
): Promise<Readable> {
  const report = reportTo(context, record.id);
  const passed = (bytes: number): void => {
    stall.moved();
    report(bytes);
  };
  const kept = await keptUpload(record, passed);
  const input = kept ?? archive(cargo(context.runner, record, submission), passed);
  return input.once('end', () => stall.moved(ATTEMPT_SECONDS));
}

/** Shows how much has been sent, at most twice a second. */
function reportTo({ jobs, clock }: Attempting, id: string): (bytes: number) => void {
  let shownAt: number | null = null;
  return bytes => {
    const now = clock.now();
    shownAt ??= now;
    // A command that ended early may leave bytes on their way.
    if (now - shownAt >= 0.5 && jobs.get(id).step?.name === 'sending') {
      shownAt = now;
      jobs.show(id, { step: { name: 'sending', bytes } });
    }
  };
}

/** Takes the claim, and leaves word of it where the answer would be: nobody can submit the job any more. */
async function withdraw(shell: Shell, record: JobRecord): Promise<Attempt> {
  const directory = jobDirectory(record.cluster.baseFolder, record.id);
  const body = `${whatIsKnown(directory)}
if ! mkdir -p ${quote(directory)} || ! cd ${quote(directory)}; then
  [ -e ${quote(directory)} ] && exit 1
  echo answer; echo withdrawn; exit 0
fi
rm -rf ${UPLOADS.all}
if ! mkdir ${FILES.submitClaim} 2>/dev/null; then
  known && exit 0
  # There is no room for it. Whoever is in a folder that is gone takes no claim, either.
  cd / && rm -rf ${quote(directory)} && [ ! -e ${quote(directory)} ] || exit 1
  echo answer; echo withdrawn; exit 0
fi
echo withdrawn >${FILES.submitOut}.part && mv ${FILES.submitOut}.part ${FILES.submitOut}
echo answer; echo withdrawn`;
  const answer = await runScript(shell, { body });
  if (answer.exitCode !== 0) {
    throw commandFailed(record.cluster, shell.remote, `mkdir ${FILES.submitClaim}`, answer);
  }
  return readKnown(answer.stdout);
}

function readKnown(stdout: string): Attempt {
  const [kind, ...lines] = stdout.split('\n');
  if (kind === 'answer') {
    return readAnswer(lines.join('\n'));
  }
  const [startedAs = '', ...said] = lines;
  // What stands on its last line may not be all of it yet.
  return {
    kind: 'claimed',
    stdout: said.slice(0, -1).join('\n'),
    startedAs: readSchedulerId(startedAs)
  };
}

/** submit.out: the exit code of the submission, what it printed, and behind a mark what it said on standard error. */
export function readAnswer(text: string): Attempt {
  if (text === 'withdrawn\n') {
    return { kind: 'withdrawn' };
  }
  const [exitCode = '', ...lines] = text.split('\n');
  const [stdout = '', noise = ''] = lines.join('\n').split(`\n${ERRORS}\n`);
  return {
    kind: 'answer',
    exitCode: readStatus(exitCode) ?? 1,
    stdout,
    output: `${stdout}${noise}`.slice(-MOST_SAID)
  };
}

/** The end of what a program said. */
export function lastLines(text: string): string {
  return text.trim().slice(-2000);
}
