import { expect, test } from 'vitest';
import { runningJobs } from '../../../src/lab/jobs/runningJobs';
import { finishedJob, jobRecord } from '../../api/jobRecord';
import { FakeJobs } from './fakeJobs';
import { noting, trans } from './listed';

const queued = jobRecord({ id: 'aaaaaaa1', state: 'queued' });
const running = jobRecord({ id: 'bbbbbbb2', state: 'running' });

function section(list = [queued, running, finishedJob()]) {
  const jobs = new FakeJobs(list);
  return { jobs, manager: runningJobs({ jobs, commands: noting([]), trans }) };
}

test('the section lists the jobs that are not over', () => {
  const { manager } = section();
  const items = manager.running({ mode: 'list' });
  expect(items.map(item => [item.label(), item.detail?.(), item.context])).toEqual([
    ['analysis', 'waiting', 'queued'],
    ['analysis', 'running, at most 2 h', 'running']
  ]);
  expect(items[0]?.labelTitle?.()).toBe('/home/ada/work/analysis.ipynb');
  expect(new Set(items.map(item => item.icon())).size).toBe(2);
});

test('listing asks for nothing; only the refresh button does', () => {
  const { jobs, manager } = section();
  manager.running({ mode: 'list' });
  expect(jobs.asked).toEqual([]);
  manager.refreshRunning();
  expect(jobs.asked).toEqual(['retry']);
  expect(manager.runningChanged).toBe(jobs.changed);
});

test('a job is cancelled there, or all of them', () => {
  const { jobs, manager } = section();
  manager.running({ mode: 'list' })[1]?.shutdown?.();
  manager.shutdownAll();
  expect(jobs.asked).toEqual(['cancel bbbbbbb2', 'cancel aaaaaaa1', 'cancel bbbbbbb2']);
});

test.each([
  [[queued, running], 'Cancel 2 jobs? What they have computed so far is kept.'],
  [[queued], 'Cancel 1 job? What it has computed so far is kept.']
])('before all are cancelled it asks, with their number', (list, question) => {
  const { shutdownAllConfirmationText: ask } = section(list).manager;
  expect(typeof ask === 'function' ? ask() : ask).toBe(question);
});

test.each([
  ['the panel', '', 'openPanel bbbbbbb2'],
  ['its log, where there is no panel', 'openPanel', 'openLog bbbbbbb2']
])('a job opens in %s', (_, missing, called) => {
  const ran: string[] = [];
  const commands = noting(ran, missing);
  const manager = runningJobs({ jobs: new FakeJobs([running]), commands, trans });
  manager.running({ mode: 'list' })[0]?.open?.();
  expect(ran).toEqual([called]);
});
