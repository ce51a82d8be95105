import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addOpenResult } from '../commands/results';
import { ResultOpener } from '../openResult';
import { IJobs } from '../tokens';
import { JupyterTrust } from '../trustedNotebooks';

const results: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-submit:results',
  description: 'Opens executed notebooks, without a kernel, and trusted where their source is.',
  autoStart: true,
  requires: [IJobs, IDocumentManager, INotebookTracker],
  optional: [ITranslator],
  activate: (
    { commands, serviceManager },
    jobs: IJobs,
    documents: IDocumentManager,
    notebooks: INotebookTracker,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_submit');
    const opener = new ResultOpener({
      jobs,
      documents,
      notebooks: new JupyterTrust(serviceManager.contents, notebooks)
    });
    addOpenResult({ commands, jobs, trans }, opener);
  }
};
export default results;
