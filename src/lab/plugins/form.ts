import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { Client } from '../../api/client';
import { ClusterMemory } from '../form/model/clusterMemory';
import { FormModel } from '../form/model/formModel';
import { OpenNotebooks } from '../model/openNotebooks';
import { browserPage } from '../page/browserPage';
import { IClient, IClusters, IJobs, ISubmitForm } from '../tokens';

const plugin: JupyterFrontEndPlugin<ISubmitForm> = {
  id: 'jupyterlab-submit:form',
  description: 'Knows what is filled in for each notebook, and what submitting it would do.',
  autoStart: true,
  requires: [IClient, IJobs, IClusters, INotebookTracker],
  provides: ISubmitForm,
  activate: (
    app: JupyterFrontEnd,
    client: Client,
    jobs: IJobs,
    clusters: IClusters,
    tracker: INotebookTracker
  ) => {
    const { contents, serverSettings } = app.serviceManager;
    return new FormModel({
      client,
      jobs,
      clusters,
      notebooks: new OpenNotebooks(tracker),
      memory: new ClusterMemory(
        browserPage(),
        `jupyterlab-submit:cluster:${serverSettings.baseUrl}`
      ),
      isOnDrive: path => contents.driveName(path) !== ''
    });
  }
};

export default plugin;
