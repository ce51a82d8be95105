import { existsSync, globSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Tests of one file of src each, in its place; the other folders of test/ have what takes more than a file. */
const MIRRORED =
  'test/{api,profiles,words,needs,shell,job,schedulers,sidecar,cli,lab}/**/*.test.{ts,tsx}';

/** What such a folder has beside them, and what it is a test of. */
const OTHERS: Record<string, string> = {
  'test/api/runnerCauses': 'the runner and api/causes.ts, compared',
  'test/api/runnerFiles': 'the runner and api/jobDirectory.ts, compared',
  'test/api/settingsSchema': 'schema/plugin.json',
  'test/cli/check': 'a command of cli/commands, as a program',
  'test/cli/jobs': 'the commands of cli/commands that are about jobs, as a program',
  'test/cli/submit': 'a command of cli/commands, as a program',
  'test/cli/terminal': 'the program in a terminal',
  'test/job/scriptRun': 'the text that script.ts writes, run by bash',
  'test/lab/jobs/rowMenu': 'openRowMenu.ts in a row',
  'test/lab/page/eventPoll': 'sharedEvents.ts in a browser without locks',
  'test/lab/settings/schema': 'schema/plugin.json in the page',
  'test/schedulers/slurm/versions':
    'all of schedulers/slurm, beside what each version of Slurm has',
  'test/schedulers/localProcesses': 'the commands of local.ts, run',
  'test/sidecar/files/silentDisk': 'the service on disks that do not answer',
  'test/sidecar/remote/oneSession': 'both ways to a host that gives one session and one login',
  'test/sidecar/remote/openssh/questions': 'what ssh asks, from its program to the person',
  'test/sidecar/remote/ssh2/restrictions':
    'options of the SSH configuration that several files read',
  'test/sidecar/remote/sshConfig': 'what both ways make of the SSH configuration, at a real server',
  'test/sidecar/submission/submitSlurm': 'submit.ts with what Slurm answers',
  'test/sidecar/watching/watchEnds': 'watch.ts where a job ends',
  'test/words/extraction': 'all sentences, as a translator gets them',
  'test/words/ofTheFuture': 'all sentences, for words of a newer service'
};

const tests = globSync(MIRRORED).map(file => file.replaceAll('\\', '/').split('.test.')[0] ?? '');

/** Whether a file or a folder of src lies in the place of a test. */
function isMirror(test: string): boolean {
  const source = test.replace(/^test/, 'src');
  return ['', '.ts', '.tsx'].some(ending => existsSync(`${source}${ending}`));
}

it('each test below these folders lies where its source lies, or says what it is a test of', () => {
  expect(tests.length).toBeGreaterThan(100);
  expect(tests.filter(test => !isMirror(test)).toSorted()).toEqual(Object.keys(OTHERS).toSorted());
});
