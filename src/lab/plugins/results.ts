import { ILabShell, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { PageConfig } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addOpenResult } from '../commands/results';
import { ResultCaptions } from '../results/resultCaptions';
import { ResultOpener } from '../results/openResult';
import { LabResultPages, Notebook7ResultPages, startNoKernel } from '../results/resultPages';
import { ResultTrust, lockedRule } from '../results/resultTrust';
import { TrustBars } from '../results/trustBars';
import { IJobs } from '../tokens';
import { JupyterTrust } from '../results/trustedNotebooks';

/** The plugin whose settings say whose results are trusted. */
const SETTINGS = 'jupyterlab-submit:plugin';

const results: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-submit:results',
  description:
    'Opens executed notebooks, without a kernel, and trusted where their source and their host are; says whose results they are.',
  autoStart: true,
  requires: [IJobs, IDocumentManager, INotebookTracker],
  optional: [ILabShell, ITranslator, ISettingRegistry],
  activate: (
    { commands, serviceManager },
    jobs: IJobs,
    documents: IDocumentManager,
    notebooks: INotebookTracker,
    labShell: ILabShell | null,
    translator: ITranslator | null,
    registry: ISettingRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_submit');
    const jupyter = new JupyterTrust(serviceManager.contents, notebooks);
    const trust = new ResultTrust(lockedRule(PageConfig.getOption('submitTrustResults')));
    void registry?.load(SETTINGS).then(settings =>
      trust.use({
        changed: settings.changed,
        read: () => settings.composite,
        write: hosts => settings.set('trustedHosts', hosts)
      })
    );
    const opener = new ResultOpener({
      jobs,
      notebooks: jupyter,
      trust,
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
    new TrustBars({ pages: notebooks, jobs, trust, notebooks: jupyter, trans });
  }
};
export default results;
