import type { Readable } from 'node:stream';
import { readSchedulerId, readStatus } from '../../api/bounds';
import type { JobRecord } from '../../api/job';
import { FILES, UPLOADS } from '../../api/jobDirectory';
import { mayHeal } from '../../api/problem';
import { jobDirectory } from '../../job/paths';
import { command, quote } from '../../shell/quote';
import { asProblem } from '../process/asProblem';
import { cargo } from './cargo';
import type { Clock } from '../process/clock';
import { batchJobOf } from './plan';
import { commandFailed } from '../remote/failure';
import { type Packing, keptUpload } from './keptUpload';
import type { ClusterShell } from '../clusters/shell';
import { runScript, type Shell } from '../remote/script';
import { Stall, TRANSFER_SECONDS } from '../remote/stall';
import type { PendingSubmission } from '../records/store';
import { UNPACK } from '../remote/tarCommands';
import { archive } from './upload';

/** Seconds for what comes once all is sent: checking it, and sbatch, which alone retries for 150 s. */
const ATTEMPT_SECONDS = 3600;

/** Said of an upload that was cut. */
export const NOT_ARRIVED = 'not everything has arrived';

/** How much is read of what a submission printed and said, and of its whole answer, in bytes. */
const MOST_PRINTED = 1_000_000;
const MOST_ANSWER = 3_000_000;

/** How much of what a submission said is looked through for its reason, from its end, in characters. */
const MOST_SAID = 20_000;

/** Before what a submission said on standard error. */
const ERRORS = '@@ errors';

/** Seconds that an answer is waited for: then, and once there is an id. What comes later, the next attempt finds. */
const ANSWER_SECONDS = 30;
const GRACE_SECONDS = 2;

/**
 * What one attempt told: the scheduler's answer, with all that it printed; that a submission is under way, with what it
 * has printed on standard output and the id of the job where that has started; that this attempt came to nothing, which
 * says nothing about others; or that the job is withdrawn, and never will be submitted.
 */
export type Attempt =
  | { kind: 'answer'; exitCode: number; stdout: string; output: string }
  | { kind: 'claimed'; stdout: string; startedAs: string | null }
  | { kind: 'failed'; text: string }
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
      return { kind: 'failed', text: details?.output ?? code };
    }
  );
  if (tried.kind !== 'failed') {
    return tried;
  }
  const found = await withdraw(shell, record);
  return found.kind === 'withdrawn' ? tried : found;
}

/**
 * One round trip: unpack, see that all has arrived unharmed, take the claim, submit. The archive's last entry is the job
 * file; where it is missing, the archive was cut. It is unpacked into a folder of this attempt's own: an attempt of a
 * sidecar that has died may still be under way, and must not change what another one has submitted. The submission is a
 * process group of its own (`set -m`), which goes on to its answer whatever becomes of us: a site's own command may return
 * when the job is over.
 */
async function tryOnce(
  context: Attempting,
  shell: ClusterShell,
  record: JobRecord,
  unwanted: AbortSignal
): Promise<Attempt> {
  const { scheduler } = shell;
  const directory = jobDirectory(record.cluster.baseFolder, record.id);
  const job = batchJobOf(record.id, record.spec, record.cluster);
  const body = `${UNPACK}
${whatIsKnown(directory)}
mkdir -p ${quote(directory)} && cd ${quote(directory)} || exit 1
upload=$(mktemp -d ${UPLOADS.template}) || exit 1
if ! unpack "$upload" <&3 || ! [ -e "$upload/${FILES.jobFile}" ]; then
  echo ${quote(NOT_ARRIVED)} >&2
  rm -rf "$upload"
  exit 1
fi
exec 3<&-
if command -v sha256sum >/dev/null && ! (cd "$upload" && sha256sum -c --quiet ${FILES.checksums} >&2); then
  rm -rf "$upload"
  exit 1
fi
rm -f "$upload/${FILES.checksums}"
mkdir ${FILES.submitClaim} 2>/dev/null || { rm -rf "$upload"; known; exit 0; }
mv "$upload"/* .
submit() {
  (umask "$theirs"; ${command(scheduler.submitArgv(job))}) >${FILES.submitSaid} 2>${FILES.submitErr}
  printf '%s\n' "$?" >${FILES.submitOut}.part
  { head -c ${MOST_PRINTED} ${FILES.submitSaid}; printf '\n${ERRORS}\n'; tail -c ${MOST_PRINTED} ${FILES.submitErr}; } >>${FILES.submitOut}.part
  mv ${FILES.submitOut}.part ${FILES.submitOut}
}
set -m
submit </dev/null >/dev/null 2>&1 &
set +m
SECONDS=0 limit=${ANSWER_SECONDS} shown=
until [ -e ${FILES.submitOut} ] || [ "$SECONDS" -ge "$limit" ]; do
  sleep 0.05
  if [ -z "$shown" ] && { [ -s ${FILES.submitSaid} ] || [ -e ${FILES.runId} ]; }; then
    shown=yes limit=$((SECONDS + ${GRACE_SECONDS}))
  fi
done
known
rm -rf ${UPLOADS.all}`;
  if (record.step === null) {
    // On disk: from now on, only the cluster can tell whether the job was submitted.
    context.jobs.update(record.id, { step: { name: 'sending', bytes: 0 } });
  }
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
  return answer.exitCode === 0
    ? readKnown(answer.stdout)
    : { kind: 'failed', text: lastLines(answer.stderr) };
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
mkdir ${FILES.submitClaim} 2>/dev/null || { known; exit 0; }
echo withdrawn >${FILES.submitOut}.part && mv ${FILES.submitOut}.part ${FILES.submitOut}
echo answer; echo withdrawn
rm -rf ${UPLOADS.all}`;
  const answer = await runScript(shell, { body });
  if (answer.exitCode !== 0) {
    throw commandFailed(record.cluster, shell.remote, `mkdir ${FILES.submitClaim}`, answer);
  }
  return readKnown(answer.stdout);
}

/** Statements that print what earlier attempts have left, and end there when there is something. */
function whatIsKnown(directory: string): string {
  return `known() {
  if [ -e ${FILES.submitOut} ]; then
    echo answer; head -c ${MOST_ANSWER} ${FILES.submitOut}
  elif [ -e ${FILES.submitClaim} ]; then
    id=
    { read -r -n 200 id <${FILES.runId}; } 2>/dev/null
    printf 'claimed\\n%s\\n' "$id"
    [ ! -s ${FILES.submitSaid} ] || head -c ${MOST_ANSWER} ${FILES.submitSaid}
  else
    false
  fi
}
cd ${quote(directory)} 2>/dev/null && known && exit 0
theirs=$(umask)
umask 077`;
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
