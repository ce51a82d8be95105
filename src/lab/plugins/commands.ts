import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addJobActions } from '../commands/jobs';
import { addSettingsCommand, openWantedSettings } from '../commands/settings';
import { IJobs } from '../tokens';

/** This plugin has the id that `schema/plugin.json` is for: the menus and the toolbar in it need its commands. */
const commands: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-submit:plugin',
  description: 'Adds the commands on jobs, and the one that opens the settings.',
  autoStart: true,
  requires: [IJobs],
  optional: [ITranslator],
  activate: ({ commands, restored }, jobs: IJobs, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_submit');
    addJobActions({ commands, jobs, trans });
    addSettingsCommand(commands, trans, url => window.open(url));
    void restored.then(() => openWantedSettings(commands, trans, window.location.search));
  }
};
export default commands;
