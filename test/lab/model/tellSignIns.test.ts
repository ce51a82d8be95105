import { Notification } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';
import { beforeEach, expect, it } from 'vitest';
import { problem } from '../../../src/api/problem';
import { english } from '../../../src/api/translation';
import { CommandIDs } from '../../../src/lab/commandIDs';
import { tellSignIns } from '../../../src/lab/model/tellSignIns';
import { jobRecord } from '../../api/jobRecord';
import { FakeJobs } from '../jobs/fakeJobs';

const host = 'hpc';
const asks = problem('login-asks', { host, user: 'ada' }).problem;
const cluster = { ...jobRecord().cluster, host };
const job = jobRecord({ state: 'running', cluster, contact: { seenAt: 5, problem: asks } });

let jobs: FakeJobs;
let commands: CommandRegistry;

beforeEach(() => {
  Notification.dismiss();
  jobs = new FakeJobs([job]);
  commands = new CommandRegistry();
  tellSignIns(jobs, commands, english);
});

it('stays until the host has let the person in', () => {
  jobs.signInNeeded.emit({ host, job });
  jobs.tell();
  const [notice] = Notification.manager.notifications;
  expect(notice).toMatchObject({
    message: 'hpc wants you to sign in again. Your jobs there go on.',
    type: 'warning',
    options: { autoClose: false, actions: [] }
  });
  jobs.tell({ list: [{ ...job, contact: { seenAt: 6, problem: null } }] });
  expect(Notification.manager.notifications).toEqual([]);
});

it('signs in with a job of that host, or shows it in the list', () => {
  const run: unknown[] = [];
  for (const id of [CommandIDs.checkAgain, CommandIDs.openPanel]) {
    commands.addCommand(id, { execute: ({ id: of }) => void run.push([id, of]) });
  }
  jobs.signInNeeded.emit({ host, job });
  const actions = Notification.manager.notifications[0]?.options.actions ?? [];
  expect(actions.map(({ label }) => label)).toEqual(['Sign in', 'Show in list']);
  actions.forEach(({ callback }) => callback(new MouseEvent('click')));
  expect(run).toEqual([
    [CommandIDs.checkAgain, job.id],
    [CommandIDs.openPanel, undefined]
  ]);
});
