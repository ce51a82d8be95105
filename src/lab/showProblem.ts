import { Clipboard, Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { Problem } from '../api/problem';
import { problemWords } from '../words';

/** Tells of a problem that has no place of its own in the page. */
export function showProblem(problem: Problem, trans: TranslationBundle): void {
  const { advice, details, title } = problemWords(problem, trans);
  const more = [advice, details].filter(text => text !== '').join('\n\n');
  Notification.error(title, {
    autoClose: false,
    // A notification has room for one sentence.
    actions:
      more === ''
        ? []
        : [{ label: trans.__('Details'), callback: () => void showMore(title, more, trans) }]
  });
}

async function showMore(title: string, more: string, trans: TranslationBundle): Promise<void> {
  const node = document.createElement('pre');
  node.className = 'jp-SubmitDetails';
  node.textContent = more;
  const { button } = await showDialog({
    title,
    body: new Widget({ node }),
    buttons: [
      Dialog.createButton({ label: trans.__('Copy') }),
      Dialog.okButton({ label: trans.__('Close') })
    ]
  });
  if (button.label === trans.__('Copy')) {
    Clipboard.copyToSystem(`${title}\n\n${more}`);
  }
}
