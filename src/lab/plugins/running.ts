import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRunningSessionManagers } from '@jupyterlab/running';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { runningJobs } from '../jobs/runningJobs';
import { IJobs } from '../tokens';

const running: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-submit:running',
  description: 'Lists the jobs that are not over in the Running panel.',
  autoStart: true,
  requires: [IJobs],
  optional: [IRunningSessionManagers, ITranslator],
  activate: (
    { commands },
    jobs: IJobs,
    managers: IRunningSessionManagers | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_submit');
    managers?.add(runningJobs({ commands, jobs, trans }));
  }
};
export default running;
