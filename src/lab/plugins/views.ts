import { ILabShell, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { Client } from '../../api/client';
import { addViewCommands } from '../commands/views';
import { IClient, IJobs, ISubmitForm } from '../tokens';

const views: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-submit:views',
  description: 'Shows logs and scripts of jobs, and the script that the form would make.',
  autoStart: true,
  requires: [IClient, IJobs, ISubmitForm],
  optional: [ILabShell, ITranslator],
  activate: (
    { commands, shell },
    client: Client,
    jobs: IJobs,
    form: ISubmitForm,
    labShell: ILabShell | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_submit');
    const area = labShell === null ? 'down' : 'main';
    addViewCommands({ commands, shell, area, client, jobs, form, trans });
  }
};
export default views;
