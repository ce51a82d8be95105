import { Notification } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import type { Translator } from '../../api/translation';
import { CommandIDs } from '../commandIDs';
import type { IJobs } from '../tokens';
import { signInNeeds } from './signInNeeds';

/** Says of each host that wants the person to sign in again that it does, for as long as it does. */
export function tellSignIns(
  jobs: Pick<IJobs, 'changed' | 'list' | 'signInNeeded'>,
  commands: CommandRegistry,
  trans: Translator
): void {
  const shown = new Map<string, string>();
  jobs.signInNeeded.connect((_, { host, job }) => {
    const signIn = {
      label: trans.__('Sign in'),
      displayType: 'accent' as const,
      callback: () => void commands.execute(CommandIDs.checkAgain, { id: job.id })
    };
    const show = {
      label: trans.__('Show in list'),
      callback: () => void commands.execute(CommandIDs.openPanel)
    };
    const message = trans.__('%1 wants you to sign in again. Your jobs there go on.', host);
    const id = Notification.emit(message, 'warning', {
      autoClose: false,
      actions: [
        ...(commands.hasCommand(CommandIDs.checkAgain) ? [signIn] : []),
        ...(commands.hasCommand(CommandIDs.openPanel) ? [show] : [])
      ]
    });
    shown.set(host, id);
  });
  jobs.changed.connect(() => {
    const needing = new Set(signInNeeds(jobs.list).map(({ host }) => host));
    for (const [host, id] of shown) {
      if (!needing.has(host)) {
        shown.delete(host);
        Notification.dismiss(id);
      }
    }
  });
}
