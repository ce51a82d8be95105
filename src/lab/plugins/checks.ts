import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { Client } from '../../api/client';
import { ClusterChecks } from '../form/model/clusterChecks';
import { IClient, IClusterChecks, IClusters, IJobs, ISubmitForm } from '../tokens';

/** The plugin whose settings hold the clusters. */
const SETTINGS = 'jupyterlab-submit:plugin';

const plugin: JupyterFrontEndPlugin<IClusterChecks> = {
  id: 'jupyterlab-submit:checks',
  description: 'Checks whether the clusters that a person chooses can run jobs.',
  autoStart: true,
  requires: [IClient, IJobs, IClusters, ISubmitForm],
  optional: [ISettingRegistry],
  provides: IClusterChecks,
  activate: (
    _: JupyterFrontEnd,
    client: Client,
    jobs: IJobs,
    clusters: IClusters,
    form: ISubmitForm,
    settings: ISettingRegistry | null
  ) => {
    const checks = new ClusterChecks({ client, jobs, clusters, form });
    settings?.pluginChanged.connect((_registry, id) => {
      if (id === SETTINGS) {
        checks.forget();
      }
    });
    return checks;
  }
};

export default plugin;
