import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { tellEndings } from '../model/tellEndings';
import { tellSignIns } from '../model/tellSignIns';
import { IJobs } from '../tokens';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-submit:notifications',
  description:
    'Tells the person when a job has ended, and when a host wants to be signed in to again.',
  autoStart: true,
  requires: [IJobs],
  optional: [ITranslator],
  activate: ({ commands }: JupyterFrontEnd, jobs: IJobs, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_submit');
    tellEndings(jobs.ended, commands, trans);
    tellSignIns(jobs, commands, trans);
  }
};

export default plugin;
