import { ILabShell, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addOpenResult } from '../commands/results';
import { ResultCaptions } from '../results/resultCaptions';
import { ResultOpener } from '../results/openResult';
import { LabResultPages, Notebook7ResultPages, startNoKernel } from '../results/resultPages';
import { IJobs } from '../tokens';
import { JupyterTrust } from '../results/trustedNotebooks';

const results: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-submit:results',
  description:
    'Opens executed notebooks, without a kernel, and trusted where their source is; says whose results they are.',
  autoStart: true,
  requires: [IJobs, IDocumentManager, INotebookTracker],
  optional: [ILabShell, ITranslator],
  activate: (
    { commands, serviceManager },
    jobs: IJobs,
    documents: IDocumentManager,
    notebooks: INotebookTracker,
    labShell: ILabShell | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_submit');
    const opener = new ResultOpener({
      jobs,
      notebooks: new JupyterTrust(serviceManager.contents, notebooks),
      pages:
        labShell === null
          ? new Notebook7ResultPages(url => window.open(url))
          : new LabResultPages(documents)
    });
    if (labShell === null) {
      startNoKernel(notebooks, window.location.search);
    }
    addOpenResult({ commands, jobs, trans }, opener);
    new ResultCaptions(notebooks, jobs, trans);
  }
};
export default results;
