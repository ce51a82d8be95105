import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commandIDs';

const palette: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-submit:palette',
  description: 'Offers submitting, the panel and the settings in the command palette.',
  autoStart: true,
  optional: [ICommandPalette, ITranslator],
  activate: (_, commandPalette: ICommandPalette | null, translator: ITranslator | null) => {
    const category = (translator ?? nullTranslator)
      .load('jupyterlab_submit')
      .__('Submit to Cluster');
    const { openPanel, openSettings, previewScript, submitNotebook } = CommandIDs;
    for (const command of [submitNotebook, openPanel, previewScript, openSettings]) {
      commandPalette?.addItem({ command, category });
    }
  }
};
export default palette;
