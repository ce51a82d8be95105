import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { Client } from '../../api/client';
import { ClustersModel } from '../model/clustersModel';
import { IClient, IClusters } from '../tokens';

/** The plugin whose settings hold the clusters. */
const SETTINGS = 'jupyterlab-submit:plugin';

const plugin: JupyterFrontEndPlugin<IClusters> = {
  id: 'jupyterlab-submit:clusters',
  description: 'Keeps the clusters that can be chosen, as the settings have them.',
  autoStart: true,
  requires: [IClient],
  optional: [ISettingRegistry],
  provides: IClusters,
  activate: (_: JupyterFrontEnd, client: Client, settings: ISettingRegistry | null) => {
    const clusters = new ClustersModel(client);
    settings?.pluginChanged.connect((_registry, id) => {
      if (id === SETTINGS) {
        void clusters.reload();
      }
    });
    return clusters;
  }
};

export default plugin;
