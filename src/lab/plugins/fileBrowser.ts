import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commandIDs';
import { submitIcon } from '../submitIcon';

const fileBrowser: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-submit:file-browser',
  description: 'Submits the notebook that is selected in the file browser.',
  autoStart: true,
  requires: [IFileBrowserFactory],
  optional: [ITranslator],
  activate: ({ commands }, browsers: IFileBrowserFactory, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_submit');
    const selected = (): string[] =>
      [...(browsers.tracker.currentWidget?.selectedItems() ?? [])].map(({ path }) => path);
    commands.addCommand(CommandIDs.submitSelected, {
      label: trans.__('Submit to cluster…'),
      caption: trans.__('Run this notebook as a job, with an engine for each core'),
      icon: submitIcon,
      // The form is for one notebook.
      isVisible: () => selected().length === 1,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: async () => {
        const [path] = selected();
        if (path !== undefined) {
          await commands.execute(CommandIDs.submitNotebook, { path });
        }
      }
    });
  }
};
export default fileBrowser;
