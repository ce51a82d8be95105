import { Notification } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import { beforeEach, expect, it } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { problem } from '../../../src/api/problem';
import { CommandIDs } from '../../../src/lab/commandIDs';
import { tellEndings } from '../../../src/lab/model/tellEndings';
import { finishedJob } from '../../api/jobRecord';
import { english } from '../../../src/api/translation';

const ended = new Signal<object, JobRecord>({});
const commands = new CommandRegistry();
const run: unknown[] = [];
tellEndings(ended, commands, english);

beforeEach(() => {
  Notification.dismiss();
  run.length = 0;
});

function told(): Notification.INotification | undefined {
  return Notification.manager.notifications[0];
}

it('offers nothing that is not there', () => {
  ended.emit(finishedJob());
  expect(told()).toMatchObject({
    message: 'analysis: done in 41 s',
    type: 'success',
    options: { autoClose: 15_000, actions: [] }
  });
});

it('opens the result, or shows the job in the list', () => {
  for (const id of [CommandIDs.openResult, CommandIDs.openPanel]) {
    commands.addCommand(id, { execute: ({ id: job }) => void run.push([id, job]) });
  }
  ended.emit(finishedJob());
  const actions = told()?.options.actions ?? [];
  expect(actions.map(({ label }) => label)).toEqual(['Open result', 'Show in list']);
  actions.forEach(({ callback }) => callback(new MouseEvent('click')));
  expect(run).toEqual([
    [CommandIDs.openResult, 'k3v9x2ab'],
    [CommandIDs.openPanel, undefined]
  ]);
});

it('signs in where the result waits for that', () => {
  commands.addCommand(CommandIDs.fetchResult, {
    execute: ({ id: job }) => void run.push([CommandIDs.fetchResult, job])
  });
  const why = problem('login-asks', { host: 'hpc', user: 'ada' }).problem;
  const { result } = finishedJob();
  ended.emit(finishedJob({ result: { ...result, place: 'kept', notebook: null, problem: why } }));
  const actions = told()?.options.actions ?? [];
  expect(actions.map(({ label }) => label)).toEqual(['Sign in', 'Show in list']);
  actions[0]?.callback(new MouseEvent('click'));
  expect(run).toEqual([[CommandIDs.fetchResult, 'k3v9x2ab']]);
});

it('covers the panel no longer with bad news, and opens no result where there is none', () => {
  const { result } = finishedJob();
  ended.emit(finishedJob({ state: 'lost', result: { ...result, place: 'none', notebook: null } }));
  expect(told()).toMatchObject({ type: 'error', options: { autoClose: 15_000 } });
  expect(told()?.options.actions?.map(({ label }) => label)).toEqual(['Show in list']);
});
