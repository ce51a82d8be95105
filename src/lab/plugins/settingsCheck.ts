import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { JSONExt } from '@lumino/coreutils';
import { SettingsCheck } from '../settings/settingsCheck';
import { IClusters } from '../tokens';

/** The plugin whose settings hold the clusters. */
const SETTINGS = 'jupyterlab-submit:plugin';

const settingsCheck: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-submit:settings-check',
  description: 'Says what is wrong with the settings after they were changed.',
  autoStart: true,
  requires: [IClusters, ISettingRegistry],
  optional: [ITranslator],
  activate: async (
    { commands },
    clusters: IClusters,
    registry: ISettingRegistry,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_submit');
    const check = new SettingsCheck(clusters, commands, trans);
    const settings = await registry.load(SETTINGS);
    let last = JSONExt.deepCopy(settings.user);
    // Lab also says so when it has only read them again.
    settings.changed.connect(() => {
      if (!JSONExt.deepEqual(last, settings.user)) {
        last = JSONExt.deepCopy(settings.user);
        check.changed();
      }
    });
  }
};
export default settingsCheck;
