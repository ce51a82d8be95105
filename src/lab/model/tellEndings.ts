import { Notification } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import type { ISignal } from '@lumino/signaling';
import type { JobRecord } from '../../api/job';
import { needsSignIn } from '../../api/signIn';
import type { Translator } from '../../api/translation';
import { CommandIDs } from '../commandIDs';
import { jobNotice } from './jobNotice';

/** Milliseconds for which news covers a corner of the panel; it is then in Lab's list of notifications. */
const SHOWN_MS = 15_000;

/** Shows a notification for each job that ends, with what can be done next. */
export function tellEndings(
  ended: ISignal<unknown, JobRecord>,
  commands: CommandRegistry,
  trans: Translator
): void {
  ended.connect((_, job) => {
    const { hasResult, message, type } = jobNotice(job, { trans, now: Date.now() / 1000 });
    const open = {
      label: trans.__('Open result'),
      displayType: 'accent' as const,
      callback: () => void commands.execute(CommandIDs.openResult, { id: job.id })
    };
    const { problem } = job.result;
    const waits = problem !== null && needsSignIn(problem.code);
    const signIn = {
      label: trans.__('Sign in'),
      displayType: 'accent' as const,
      callback: () => void commands.execute(CommandIDs.fetchResult, { id: job.id })
    };
    const show = {
      label: trans.__('Show in list'),
      callback: () => void commands.execute(CommandIDs.openPanel)
    };
    Notification.emit(message, type, {
      autoClose: SHOWN_MS,
      actions: [
        ...(hasResult && commands.hasCommand(CommandIDs.openResult) ? [open] : []),
        ...(waits && commands.hasCommand(CommandIDs.fetchResult) ? [signIn] : []),
        ...(commands.hasCommand(CommandIDs.openPanel) ? [show] : [])
      ]
    });
  });
}
