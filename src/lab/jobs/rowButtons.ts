import { formatClock } from '../../api/duration';
import { type JobRecord, isTerminal } from '../../api/job';
import type { Problem } from '../../api/problem';
import { needsSignIn } from '../../api/signIn';
import type { Translator } from '../../api/translation';
import { neverStarts } from '../../api/waiting';
import { durationWords } from '../../words';
import { CommandIDs } from '../commandIDs';
import { isPossible } from '../commands/possible';
import { moreTime } from './moreTime';

/** A button of a row: a command, and its arguments beside the job's id. */
export interface RowButton {
  label: string;
  command: string;
  args: Record<string, string>;
  isEnabled: boolean;
}

/**
 * The next steps that a row offers.
 *
 * @param path The result as a path of Jupyter's contents; null when this server does not show it, undefined while that
 * is not known.
 */
export function rowButtons(
  job: JobRecord,
  path: string | null | undefined,
  trans: Translator
): RowButton[] {
  const { notebook, place, problem } = job.result;
  const isOpenable = place === 'here' && notebook !== null && path !== null;
  return [
    isOpenable && {
      ...button(trans.__('Open result'), CommandIDs.openResult),
      isEnabled: path !== undefined
    },
    isPossible(CommandIDs.fetchResult, job) &&
      button(
        wantsPerson(problem)
          ? trans.__('Sign in')
          : place === 'kept'
            ? trans.__('Fetch again')
            : trans.__('Fetch them'),
        CommandIDs.fetchResult
      ),
    // Nothing becomes of it as it is.
    neverStarts(job.queue?.wait ?? null) &&
      isPossible(CommandIDs.cancelJob, job) &&
      button(trans.__('Cancel'), CommandIDs.cancelJob),
    job.state === 'failed' && button(trans.__('Submit again'), CommandIDs.submitAgain),
    job.state === 'timed-out' && withMoreTime(job, trans),
    (job.state === 'lost' || isOutOfTouch(job)) &&
      button(
        isOutOfTouch(job) && wantsPerson(job.contact.problem)
          ? trans.__('Sign in')
          : trans.__('Check again'),
        CommandIDs.checkAgain
      )
  ].filter(offered => offered !== false);
}

/** Whether something stands between us and a job that is not over. */
function isOutOfTouch({ contact, state }: JobRecord): boolean {
  return contact.problem !== null && !isTerminal(state);
}

function wantsPerson(problem: Problem | null): boolean {
  return problem !== null && needsSignIn(problem.code);
}

function withMoreTime({ spec }: JobRecord, trans: Translator): RowButton {
  const seconds = moreTime(spec.timeSeconds);
  return seconds === null
    ? button(trans.__('Submit again'), CommandIDs.submitAgain)
    : button(
        trans.__('Submit again with %1', durationWords(seconds, trans)),
        CommandIDs.submitAgain,
        { time: formatClock(seconds) }
      );
}

function button(label: string, command: string, args: Record<string, string> = {}): RowButton {
  return { label, command, args, isEnabled: true };
}
