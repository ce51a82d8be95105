import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import type { JobRecord } from '../../../src/api/job';
import { CommandIDs } from '../../../src/lab/commandIDs';
import { JobList } from '../../../src/lab/jobs/JobList';
import { drawn } from './drawn';
import { FakeJobs } from './fakeJobs';

export const trans = nullTranslator.load('jupyterlab_submit');

/** Draws the list of these jobs, with commands that note how they are called. */
export function listed(list: readonly JobRecord[], change: Partial<FakeJobs> = {}) {
  const jobs = Object.assign(new FakeJobs(list), change);
  const ran: string[] = [];
  const commands = noting(ran);
  const place = drawn(<JobList jobs={jobs} commands={commands} trans={trans} />);
  return { jobs, commands, ran, place, rows: () => [...place.querySelectorAll('li')] };
}

/** The commands but for `missing`; each call is noted as the command's name and its arguments. */
export function noting(ran: string[], missing = ''): CommandRegistry {
  const commands = new CommandRegistry();
  for (const [name, id] of Object.entries(CommandIDs)) {
    if (name !== missing) {
      const execute = (args: Record<string, unknown>): void => {
        ran.push([name, ...Object.values(args).filter(isText)].join(' '));
      };
      commands.addCommand(id, { label: name, execute });
    }
  }
  return commands;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
