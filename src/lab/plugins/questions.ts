import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { Client } from '../../api/client';
import { Questions } from '../model/questions';
import { browserPage } from '../page/browserPage';
import { QuestionDialogs } from '../questions/questionDialogs';
import { IClient, IJobs, IQuestions } from '../tokens';

const plugin: JupyterFrontEndPlugin<IQuestions> = {
  id: 'jupyterlab-submit:questions',
  description: 'Asks the person what logins ask, in whichever window can be seen.',
  autoStart: true,
  requires: [IClient, IJobs],
  optional: [ITranslator],
  provides: IQuestions,
  activate: (
    { restored }: JupyterFrontEnd,
    client: Client,
    jobs: IJobs,
    translator: ITranslator | null
  ) => {
    const questions = new Questions(client, jobs);
    const trans = (translator ?? nullTranslator).load('jupyterlab_submit');
    // A dialog over a page that is still being put together would lose the focus.
    void restored.then(() => new QuestionDialogs({ questions, page: browserPage(), trans }));
    return questions;
  }
};

export default plugin;
