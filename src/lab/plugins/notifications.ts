import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { tellEndings } from '../model/tellEndings';
import { IJobs } from '../tokens';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-submit:notifications',
  description: 'Tells the person when a job has ended.',
  autoStart: true,
  requires: [IJobs],
  optional: [ITranslator],
  activate: ({ commands }: JupyterFrontEnd, jobs: IJobs, translator: ITranslator | null) => {
    tellEndings(jobs.ended, commands, (translator ?? nullTranslator).load('jupyterlab_submit'));
  }
};

export default plugin;
