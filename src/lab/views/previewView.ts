import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { problemWords } from '../../api/words';
import type { ISubmitForm } from '../tokens';
import { previewLines } from './previewLines';
import { ReadingView } from './readingView';

/** What submitting the form would do: in words, and the whole script below them. */
export class PreviewView extends ReadingView {
  constructor(
    private readonly form: ISubmitForm,
    trans: TranslationBundle
  ) {
    super({ id: 'jupyterlab-submit-preview', title: trans.__('Script preview'), trans });
    this.addClass('jp-SubmitPreviewView');
  }

  /** Asks what submitting would do, and shows it. Never rejects. */
  async load(): Promise<void> {
    const { content, form, trans } = this;
    this.title.label = trans.__('%1: script preview', nameOf(form.notebook));
    content.setText('');
    content.say(trans.__('Saving the notebook, and asking what would be submitted…'));
    await form.ask({ save: true });
    if (this.isDisposed) {
      return;
    }
    const { check, fields, problem } = form;
    if (check !== null) {
      content.say(...previewLines(check, trans));
      content.setText(check.script);
      return;
    }
    const why = problem ?? { code: 'invalid-fields' as const, values: {}, fields: [...fields] };
    const { advice, title } = problemWords(why, trans);
    content.say(title, advice);
  }
}

function nameOf(notebook: string | null): string {
  return PathExt.basename(notebook ?? '', '.ipynb');
}
