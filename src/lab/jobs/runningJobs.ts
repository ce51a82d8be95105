import type { IRunningSessions } from '@jupyterlab/running';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { type JobRecord, isTerminal } from '../../api/job';
import { stateWords } from '../../words';
import { CommandIDs } from '../commandIDs';
import type { IJobs } from '../tokens';
import { STATE_ICONS } from './stateIcons';

interface RunningJobsOptions {
  jobs: IJobs;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/**
 * The jobs that are not over, as a section of the Running panel. It shows what the page knows; only the panel's refresh
 * button asks for more.
 */
export function runningJobs({
  commands,
  jobs,
  trans
}: RunningJobsOptions): IRunningSessions.IManager {
  const active = (): JobRecord[] => jobs.list.filter(({ state }) => !isTerminal(state));
  const cancel = ({ id }: JobRecord): void => void jobs.act(id, 'cancel');
  return {
    name: trans.__('Cluster jobs'),
    running: () =>
      active().map(job => ({
        label: () => job.spec.name,
        labelTitle: () => job.spec.notebook,
        detail: () => stateWords(job, { trans, now: Date.now() / 1000 }),
        context: job.state,
        icon: () => STATE_ICONS[job.state],
        open: () => open(job, commands),
        shutdown: () => cancel(job)
      })),
    refreshRunning: () => jobs.retry(),
    runningChanged: jobs.changed,
    shutdownAll: () => active().forEach(cancel),
    shutdownLabel: trans.__('Cancel'),
    shutdownAllLabel: trans.__('Cancel All'),
    shutdownAllConfirmationText: () =>
      trans._n(
        'Cancel %1 job? What it has computed so far is kept.',
        'Cancel %1 jobs? What they have computed so far is kept.',
        active().length
      )
  };
}

/** Shows the job in the panel; its log where there is no panel. */
function open({ id }: JobRecord, commands: CommandRegistry): void {
  const { openLog, openPanel } = CommandIDs;
  const command = commands.hasCommand(openPanel) ? openPanel : openLog;
  if (commands.hasCommand(command)) {
    commands.execute(command, { id }).catch((reason: unknown) => console.warn(reason));
  }
}
