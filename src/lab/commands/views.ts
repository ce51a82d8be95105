import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Client } from '../../api/client';
import { isLogName } from '../../api/routes';
import { CommandIDs } from '../commandIDs';
import type { ISubmitForm } from '../tokens';
import { LogView } from '../views/logView';
import { PreviewView } from '../views/previewView';
import { ScriptView } from '../views/scriptView';
import { ViewArea } from '../views/viewArea';
import { type JobCommands, addJobCommand } from './jobCommand';

/** What the commands that open views work with. */
export interface ViewCommands extends JobCommands {
  client: Client;
  form: ISubmitForm;
  shell: JupyterFrontEnd.IShell;
  area: 'main' | 'down';
}

/** Registers what shows logs and scripts. */
export function addViewCommands(wiring: ViewCommands): void {
  addOpenLog(wiring);
  addOpenScript(wiring);
  addPreviewScript(wiring);
}

function addOpenLog(wiring: ViewCommands): void {
  const { area, client, jobs, shell, trans } = wiring;
  const logs = new ViewArea<LogView>(shell, area);
  addJobCommand(wiring, CommandIDs.openLog, {
    label: trans.__('Log'),
    caption: trans.__('Show what the job and its engines print'),
    args: {
      log: { type: 'string', description: trans.__('Which log: job, runner, engines, kernel, …') }
    },
    does: (job, { log }) => {
      const view = logs.show(job.id, () => new LogView({ job, client, jobs, trans }));
      if (typeof log === 'string' && isLogName(log)) {
        view.choose(log);
      }
    }
  });
}

function addOpenScript(wiring: ViewCommands): void {
  const { area, client, shell, trans } = wiring;
  const scripts = new ViewArea<ScriptView>(shell, area);
  addJobCommand(wiring, CommandIDs.openScript, {
    label: trans.__('Script'),
    caption: trans.__('Show the script that was submitted'),
    does: job => scripts.show(job.id, () => new ScriptView(job, client, trans)).load()
  });
}

function addPreviewScript({ area, commands, form, shell, trans }: ViewCommands): void {
  const previews = new ViewArea<PreviewView>(shell, area);
  const isThere = (): boolean => form.notebook !== null;
  commands.addCommand(CommandIDs.previewScript, {
    label: trans.__('Preview script'),
    caption: trans.__('Show what submitting would do, and the whole script'),
    isEnabled: isThere,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      if (isThere()) {
        await previews.show('', () => new PreviewView(form, trans)).load();
      }
    }
  });
}
