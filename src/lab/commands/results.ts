import { Clipboard, Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../commandIDs';
import type { NotOpened, ResultOpener } from '../results/openResult';
import { showProblem } from '../showProblem';
import { type JobCommands, addJobCommand } from './jobCommand';

/** Registers *Open result*. A result that this server does not show cannot be opened in it. */
export function addOpenResult(wiring: JobCommands, results: ResultOpener): void {
  const { jobs, trans } = wiring;
  addJobCommand(wiring, CommandIDs.openResult, {
    label: trans.__('Open result'),
    caption: trans.__('Open the executed notebook, without starting a kernel'),
    when: ({ result }) => result.notebook !== null && jobs.contentsPath(result.notebook) !== null,
    does: async job => {
      const notOpened = await results.open(job);
      if (notOpened !== null) {
        tell(notOpened, trans);
      }
    }
  });
}

function tell(notOpened: NotOpened, trans: TranslationBundle): void {
  if (notOpened.why === 'problem') {
    showProblem(notOpened.problem, trans);
    return;
  }
  const { file } = notOpened;
  const name = PathExt.basename(file);
  const copy = {
    label: trans.__('Copy path'),
    caption: file,
    callback: () => Clipboard.copyToSystem(file)
  };
  Notification.error(
    notOpened.why === 'gone'
      ? trans.__('%1 is no longer there: it was moved, renamed or deleted.', name)
      : trans.__('%1 lies outside of what this server shows, in %2', name, PathExt.dirname(file)),
    { autoClose: false, actions: [copy] }
  );
}
