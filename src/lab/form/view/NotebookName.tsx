import { splitName } from '../../parts/splitName';
import type { FormParts } from './formParts';

/** The notebook that will be submitted, or what to do when there is none. */
export function NotebookName({ form, trans }: Pick<FormParts, 'form' | 'trans'>) {
  if (form.notebook === null && form.result !== null) {
    return null;
  }
  if (form.notebook === null) {
    return <p className="jp-SubmitForm-hint">{trans.__('Open a notebook to submit it.')}</p>;
  }
  const [head, tail] = splitName(form.notebook.split('/').at(-1) ?? '');
  return (
    <p className="jp-SubmitForm-notebook" title={form.notebook}>
      <span className="jp-SubmitForm-notebookHead">{head}</span>
      {tail !== '' && <span className="jp-SubmitForm-notebookTail">{tail}</span>}
    </p>
  );
}
