import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISubmitForm } from '../tokens';
import { ReadingView } from './readingView';
import { showPreview } from './showPreview';

/** What submitting the form would do: in words, and the whole script below them. */
export class PreviewView extends ReadingView {
  constructor(
    private readonly form: ISubmitForm,
    trans: TranslationBundle
  ) {
    super({ id: 'jupyterlab-submit-preview', title: trans.__('Script preview'), trans });
  }

  /** Asks again, and shows what the form is now. Never rejects. */
  async load(): Promise<void> {
    const notebook = PathExt.basename(this.form.notebook ?? '', '.ipynb');
    this.title.label = this.trans.__('%1: script preview', notebook);
    await showPreview(this.content, this.form, this.trans);
  }
}
