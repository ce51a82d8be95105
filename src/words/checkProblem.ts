import type { Translator } from '../api/translation';
import type { Sentence } from './explanation';

/** What the check of a cluster can find wrong, beyond what stands in the way of any answer. */
export const CHECK_SENTENCES = {
  'scheduler-missing': (value, trans) => ({
    title: trans.__(
      'The commands of %1 are not found on %2.',
      value('scheduler'),
      value('cluster')
    ),
    advice: trans.__(
      'Choose its batch system in the settings; where the right one is set, ask your help desk how its commands are found without a terminal.'
    )
  }),
  'scheduler-silent': (value, trans) => ({
    title: trans.__('%1 does not answer on %2.', value('scheduler'), value('cluster')),
    advice: trans.__('Check again in a while. Jobs that are there go on meanwhile.')
  }),
  'no-queue': (value, trans) => ({
    title: trans.__('There is no queue on %1 that you can use.', value('cluster')),
    advice: trans.__('Ask your help desk for an account there, or whether it is being maintained.')
  }),
  'queue-unusable': (value, trans) => ({
    title: trans.__('The queue %1 is not there, or you cannot use it.', value('queue')),
    advice: trans.__('Name another one, or leave it empty. You can use: %1', value('queues'))
  }),
  'site-file': (value, trans) => ({
    title: trans.__('What %1 says of itself in %2 is not right.', value('cluster'), value('file')),
    advice: trans.__(
      'It counts for nothing, and jobs run without it. Tell the help desk of the cluster what is named here.'
    )
  }),
  'accounts-failed': (value, trans) => ({
    title: trans.__(
      'The command of the site that lists accounts (%1) failed with status %2.',
      value('command'),
      value('status')
    ),
    advice: withoutAccounts(value, trans)
  }),
  'accounts-slow': (value, trans) => ({
    title: trans.__(
      'The command of the site that lists accounts (%1) is not done after %2 s.',
      value('command'),
      value('seconds')
    ),
    advice: withoutAccounts(value, trans)
  }),
  'accounts-unreadable': (value, trans) => ({
    title: trans.__(
      'The command of the site that lists accounts (%1) names none.',
      value('command')
    ),
    advice: withoutAccounts(value, trans)
  }),
  'base-folder-missing': (value, trans) => ({
    title: trans.__('The base folder %1 is not there and cannot be made.', value('folder')),
    advice: trans.__('Name a folder in the settings in which you can write on every node.')
  }),
  'base-folder-read-only': (value, trans) => ({
    title: trans.__('Nothing can be written into the base folder %1.', value('folder')),
    advice: trans.__('Allow writing there, or name another folder in the settings.')
  }),
  'base-folder-full': (value, trans) => ({
    title: trans.__('There is no room left in the base folder %1.', value('folder')),
    advice: trans.__('Make room there, or name another folder in the settings.')
  }),
  'base-folder-quota': (value, trans) => ({
    title: trans.__(
      'Your quota is used up: there is no room for you in the base folder %1.',
      value('folder')
    ),
    advice: trans.__(
      'Make room there, or name another folder in the settings. What the cluster says of your quota is in the details.'
    )
  }),
  'environment-failed': (value, trans) => ({
    title: trans.__(
      'Environment line %1 (%2) failed with status %3.',
      value('line'),
      value('text'),
      value('status')
    ),
    advice: trans.__('What it says is in the details. Try it in a terminal there, and correct it.')
  }),
  'environment-ended': (value, trans) => ({
    title: trans.__(
      'Environment line %1 (%2) ends the script with status %3, so no job can start.',
      value('line'),
      value('text'),
      value('status')
    ),
    advice: trans.__('Take out what ends it, such as an exit.')
  }),
  'environment-slow': (value, trans) => ({
    title: trans.__('The environment lines are not done after %1 s.', value('seconds')),
    advice: trans.__('A line may wait for an answer, or for something that is not there.')
  }),
  'python-missing': (value, trans) => ({
    title: trans.__('There is no Python at %1.', value('python')),
    advice: trans.__(
      'Name the Python of your environment there, or add the environment lines that activate it.'
    )
  }),
  'python-failed': (value, trans) => ({
    title: trans.__('The Python at %1 does not work.', value('python')),
    advice: trans.__(
      'What it says is in the details. A module that has to be loaded first belongs into the environment lines.'
    )
  }),
  'python-old': (value, trans) => ({
    title: trans.__(
      '%1 is Python %2, and jobs need %3 or newer.',
      value('python'),
      value('version'),
      value('oldest')
    ),
    advice: trans.__(
      'Name a newer Python there, or add the environment lines that load or activate one.'
    )
  }),
  'packages-missing': (value, trans) => ({
    title: trans.__('%1 lacks %2.', value('python'), value('packages')),
    advice: trans.__(
      'Install what is missing with this line there, then check again: %1',
      value('fix')
    )
  }),
  'packages-refused': (value, trans) => ({
    title: trans.__('%1 lacks %2.', value('python'), value('packages')),
    advice: trans.__(
      'This Python belongs to the system and takes no packages. Make an environment of your own there with this line, and name its Python: %1',
      value('fix')
    )
  }),
  'package-old': (value, trans) => ({
    title: tooOld(value, trans),
    advice: trans.__(
      'It is in %1. Bring it up to date with this line there, then check again: %2',
      value('python'),
      value('fix')
    )
  }),
  'package-old-refused': (value, trans) => ({
    title: tooOld(value, trans),
    advice: trans.__(
      'The Python at %1 belongs to the system and takes no packages. Make an environment of your own there with this line, and name its Python: %2',
      value('python'),
      value('fix')
    )
  })
} as const satisfies Record<string, Sentence>;

function withoutAccounts(value: (key: string) => string, trans: Translator): string {
  const advice = trans.__(
    'Jobs run as without it: name your account yourself. Where this stays so, tell the help desk of the cluster.'
  );
  const said = value('said');
  return said === '' ? advice : trans.__('It says "%1". %2', said, advice);
}

function tooOld(value: (key: string) => string, trans: Translator): string {
  return trans.__(
    '%1 %2 is too old: %3 or newer is needed.',
    value('package'),
    value('version'),
    value('oldest')
  );
}
