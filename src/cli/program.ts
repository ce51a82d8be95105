import { Command } from 'commander';
import type { FieldGroup } from '../api/fields';
import { LOGS } from '../api/routes';
import { cancel } from './commands/cancel';
import { type CheckFlags, check } from './commands/check';
import { clusters } from './commands/clusters';
import { fetch } from './commands/fetch';
import { list } from './commands/list';
import { log } from './commands/log';
import { recover } from './commands/recover';
import { remove } from './commands/remove';
import { show } from './commands/show';
import { siteCheck } from './commands/siteCheck';
import { submit } from './commands/submit';
import { formOptions } from './jobForm';
import type { Surroundings } from './surroundings';

/**
 * The command line: each command, once it was understood, is given to `run`, which carries it out. Usage errors throw
 * commander's own error, so that nothing in here ends the process.
 */
export function makeProgram(
  run: (command: (surroundings: Surroundings) => Promise<number>) => Promise<void>
): Command {
  const program = new Command('jupyter submit')
    .description('Run a notebook, unedited, on the cores of a cluster, and get it back executed.')
    .version(__VERSION__)
    .usage('NOTEBOOK [options]\n       jupyter submit COMMAND ...')
    .enablePositionalOptions()
    // Not there by itself where the program has an action of its own.
    .helpCommand('help [COMMAND]', 'show the help of a command')
    .exitOverride()
    .showHelpAfterError('(jupyter submit --help lists all options)')
    .argument('[NOTEBOOK]', 'the notebook to run')
    .addHelpText('after', AFTER_HELP);

  for (const { group, option } of formOptions()) {
    program.addOption(option.helpGroup(GROUPS[group]));
  }
  program
    .optionsGroup('How to submit:')
    .option('--detach', 'submit, print the id of the job, and do not wait for its end')
    .option('--dry-run', 'show the script and the files, and submit nothing')
    .option('--keep-passphrase', KEEP_HELP)
    .option('--json', JSON_HELP)
    .action(async (notebook: string | undefined, options: Record<string, unknown>) => {
      if (notebook === undefined) {
        return program.help({ error: true });
      }
      return run(surroundings => submit(surroundings, notebook, options));
    });

  program
    .command('list')
    .description('list jobs, newest first')
    .option('--all', 'old ones too')
    .option('--json', JSON_HELP)
    .action((options: { all?: boolean; json?: boolean }) => run(at => list(at, options)));

  program
    .command('show')
    .description('show everything that is known of a job')
    .argument('<ID>', ID_HELP)
    .option('--files', 'list all files of its result, and what was left on the cluster')
    .option('--follow', 'wait for its end, with a bar')
    .option('--json', JSON_HELP)
    .action((id: string, options: { files?: boolean; follow?: boolean; json?: boolean }) =>
      run(at => show(at, id, options))
    );

  program
    .command('log')
    .description('print a log of a job')
    .argument('<ID>', ID_HELP)
    .option('--follow', 'go on until the job is over')
    .option('--name <log>', `which: ${LOGS.join(', ')}, engine-0, cell-1, ... (default: job)`)
    .action((id: string, options: { follow?: boolean; name?: string }) =>
      run(at => log(at, id, options))
    );

  program
    .command('cancel')
    .description('end a job')
    .argument('<ID>', ID_HELP)
    .option('--json', JSON_HELP)
    .action((id: string, options: { json?: boolean }) => run(at => cancel(at, id, options)));

  program
    .command('fetch')
    .description('fetch what a job left on its cluster')
    .argument('<ID>', ID_HELP)
    .option('--to <folder>', 'put it there (default: beside the notebook)')
    .option('--file <path...>', 'only these of the files that were left for their size')
    .option('--json', JSON_HELP)
    .action((id: string, options: { to?: string; file?: string[]; json?: boolean }) =>
      run(at => fetch(at, id, options))
    );

  program
    .command('remove')
    .description('forget a job that is over, and remove its folder on the cluster')
    .argument('<ID>', ID_HELP)
    .option('--even-result', 'also when part of its result was not fetched')
    .option('--json', JSON_HELP)
    .action((id: string, options: { evenResult?: boolean; json?: boolean }) =>
      run(at => remove(at, id, options))
    );

  program
    .command('clusters')
    .description('list the clusters that --cluster can name')
    .option('--json', JSON_HELP)
    .action((options: { json?: boolean }) => run(at => clusters(at, options)));

  program
    .command('recover')
    .description('list jobs on a cluster again whose records were lost')
    .argument('<CLUSTER>', 'a name that --cluster takes; local is this machine')
    .option('--all', 'also those that were submitted from other machines')
    .option('--json', JSON_HELP)
    .action((cluster: string, options: { all?: boolean; json?: boolean }) =>
      run(at => recover(at, cluster, options))
    );

  program
    .command('site')
    .description('site profiles, which administrators write')
    .command('check')
    .description('look whether the file of a site profile is right')
    .argument('<FILE>', 'the file')
    .option('--json', JSON_HELP)
    .action((file: string, options: { json?: boolean }) => run(at => siteCheck(at, file, options)));

  const checking = program
    .command('check')
    .description('look whether jobs can run on a cluster, and say what to do where they cannot')
    .argument('<CLUSTER>', 'a name that --cluster takes; local is this machine')
    .option('--keep-passphrase', KEEP_HELP)
    .option('--json', JSON_HELP)
    .action((cluster: string, options: CheckFlags) => run(at => check(at, cluster, options)));
  for (const { option } of formOptions()) {
    if (CHECKED_FIELDS.includes(option.attributeName())) {
      checking.addOption(option);
    }
  }

  return program;
}

/** What a person may try on a cluster before it stands in the settings. */
const CHECKED_FIELDS: readonly string[] = ['environment', 'python', 'queue'];

const JSON_HELP = 'print JSON, one record a line';
const KEEP_HELP =
  'keep the passphrase of a key that is asked for, in memory, until the service ends';
const ID_HELP = 'id of the job, or its beginning';

const GROUPS: Record<FieldGroup, string> = {
  top: 'What to ask for:',
  engines: 'Engines and nodes:',
  queue: 'Batch system:',
  environment: 'Environment:',
  run: 'Job:',
  files: 'Files:'
};

const AFTER_HELP = `
Exit codes: 0 succeeded; 1 the job failed, timed out, was cancelled or lost, or a check found something
wrong; 2 wrong usage or input; 3 not submitted; 130 interrupted: the job goes on.

Example: jupyter submit analysis.ipynb --cores 8 --time 2h`;
