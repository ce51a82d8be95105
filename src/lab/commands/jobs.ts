import { Clipboard, Notification, showDialog } from '@jupyterlab/apputils';
import { ProblemError } from '../../api/problem';
import { CommandIDs } from '../commandIDs';
import { confirmRemoval } from './confirmRemoval';
import { type JobCommands, addJobCommand } from './jobCommand';

/** Milliseconds that a word of success stays. */
const SHORT_MS = 3000;

/** Registers what can be done with a job itself. How it goes, and what goes wrong, the job's row says. */
export function addJobActions(wiring: JobCommands, ask = showDialog): void {
  const { jobs, trans } = wiring;
  addJobCommand(wiring, CommandIDs.cancelJob, {
    label: trans.__('Cancel'),
    caption: trans.__('End the job; what it has computed so far is kept'),
    does: ({ id }) => jobs.act(id, 'cancel')
  });
  addJobCommand(wiring, CommandIDs.submitAgain, {
    label: ({ time }) =>
      typeof time === 'string' ? trans.__('Submit again with %1', time) : trans.__('Submit again'),
    caption: trans.__('Submit the notebook as it is now, with what was filled in for this job'),
    args: {
      time: { type: 'string', description: trans.__('Another time to ask for, such as 2h') }
    },
    does: async ({ id }, { time }) => {
      try {
        await jobs.submitAgain(id, typeof time === 'string' ? { time } : {});
      } catch (error) {
        // The job's row says what went wrong.
        if (!(error instanceof ProblemError)) {
          throw error;
        }
      }
    }
  });
  addJobCommand(wiring, CommandIDs.fetchResult, {
    label: trans.__('Fetch result'),
    caption: trans.__('Fetch what is still in the folder of the job on the cluster'),
    does: ({ id }) => jobs.act(id, 'fetch')
  });
  addJobCommand(wiring, CommandIDs.checkAgain, {
    label: trans.__('Check again'),
    caption: trans.__('Ask the cluster about this job now'),
    does: ({ id }) => jobs.act(id, 'refresh')
  });
  addJobCommand(wiring, CommandIDs.removeJob, {
    label: trans.__('Remove'),
    caption: trans.__('Forget the job and remove its folder on the cluster; fetched results stay'),
    does: async job => {
      const removal = await confirmRemoval(job, trans, ask);
      if (removal !== null) {
        await jobs.act(job.id, 'remove', removal);
      }
    }
  });
  addJobCommand(wiring, CommandIDs.copyJobId, {
    label: trans.__('Copy job id'),
    caption: trans.__('Copy the id by which terminal and queue know the job'),
    does: ({ id }) => {
      Clipboard.copyToSystem(id);
      Notification.success(trans.__('Copied: %1', id), { autoClose: SHORT_MS });
    }
  });
}
