import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { JobRecord } from '../../api/job';
import type { IJobs } from '../tokens';
import { type JobCommand, isPossible } from './possible';

/** What commands on jobs work with. */
export interface JobCommands {
  commands: CommandRegistry;
  jobs: IJobs;
  trans: TranslationBundle;
}

type Args = ReadonlyPartialJSONObject;

/** What one command on a job is called, and does. */
interface JobCommandOptions {
  label: string | ((args: Args) => string);
  caption: string;
  /** What else must hold, beside what `isPossible` says; nothing when absent. */
  when?: (job: JobRecord) => boolean;
  /** Arguments beside `id`, as a JSON schema describes them. */
  args?: Record<string, { type: 'string'; description: string }>;
  does: (job: JobRecord, args: Args) => Promise<void> | void;
}

/** Registers a command on the job that `{ id }` names; it is there only for jobs that it makes sense for. */
export function addJobCommand(
  { commands, jobs, trans }: JobCommands,
  command: JobCommand,
  { args: more = {}, caption, does, label, when = () => true }: JobCommandOptions
): void {
  const jobOf = ({ id }: Args): JobRecord | null => jobs.list.find(job => job.id === id) ?? null;
  const isThere = (args: Args): boolean => {
    const job = jobOf(args);
    return job !== null && isPossible(command, job) && when(job);
  };
  commands.addCommand(command, {
    label,
    caption,
    isEnabled: isThere,
    isVisible: isThere,
    describedBy: {
      args: {
        type: 'object',
        properties: { id: { type: 'string', description: trans.__('The id of the job') }, ...more },
        required: ['id']
      }
    },
    execute: async args => {
      const job = jobOf(args);
      if (job !== null) {
        await does(job, args);
      }
    }
  });
}
