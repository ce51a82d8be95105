import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { contentsPathOf } from '../../api/paths';
import { CommandIDs } from '../commandIDs';
import { SubmitPanel } from '../panel/panel';
import { submitIcon } from '../submitIcon';
import { IClusterChecks, IClusters, IJobs, ISubmitForm } from '../tokens';

/** Below the property inspector and the debugger. */
const RANK = 900;

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-submit:panel',
  description: 'Shows the form and the jobs in a side panel, and adds the commands that open it.',
  autoStart: true,
  requires: [ISubmitForm, IJobs, IClusters, IClusterChecks],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    { commands, shell }: JupyterFrontEnd,
    form: ISubmitForm,
    jobs: IJobs,
    clusters: IClusters,
    checks: IClusterChecks,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ) => {
    const languages = translator ?? nullTranslator;
    const trans = languages.load('jupyterlab_submit');
    const panel = new SubmitPanel({ form, jobs, clusters, checks, commands, trans }, languages);
    shell.add(panel, 'right', { rank: RANK });
    restorer?.add(panel, panel.id);

    commands.addCommand(CommandIDs.openPanel, {
      label: trans.__('Show Submit to cluster'),
      caption: trans.__('Shows the panel that submits notebooks, and their jobs'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => shell.activateById(panel.id)
    });
    commands.addCommand(CommandIDs.submitNotebook, {
      label: trans.__('Submit to cluster…'),
      caption: trans.__('Runs this notebook as a job, with an engine for each core'),
      icon: submitIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            path: {
              type: 'string',
              description: trans.__('The notebook; the current one by itself')
            }
          }
        }
      },
      isEnabled: ({ path }) =>
        typeof path === 'string' || form.notebook !== null || form.result !== null,
      execute: ({ path }) => {
        if (typeof path === 'string') {
          form.show(contentsPathOf(path));
        }
        shell.activateById(panel.id);
      }
    });
    form.changed.connect(() => commands.notifyCommandChanged(CommandIDs.submitNotebook));
  }
};

export default plugin;
