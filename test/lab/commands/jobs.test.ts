import { Dialog } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import type { PageForm } from '../../../src/api/jobSpec';
import { problem } from '../../../src/api/problem';
import { CommandIDs } from '../../../src/lab/commandIDs';
import { addJobActions } from '../../../src/lab/commands/jobs';
import { finishedJob, jobRecord } from '../../api/jobRecord';
import { FakeJobs } from '../jobs/fakeJobs';

const trans = nullTranslator.load('jupyterlab_submit');
const running = jobRecord({ id: 'running1', state: 'running' });
const lost = jobRecord({ id: 'lostjob1', state: 'lost' });
const over = finishedJob({ id: 'isover01' });
const kept: JobRecord = {
  ...over,
  id: 'keptjob1',
  result: { ...over.result, place: 'kept', notebook: null }
};

class AgainJobs extends FakeJobs {
  refusal: Error | null = null;

  override submitAgain(id?: string, changes?: Partial<PageForm>): Promise<JobRecord> {
    this.asked.push(`submit-again ${id} ${JSON.stringify(changes)}`);
    return this.refusal === null ? Promise.resolve(over) : Promise.reject(this.refusal);
  }
}

let commands: CommandRegistry;
let jobs: AgainJobs;
let questions: string[];
let answer: boolean;

beforeEach(() => {
  commands = new CommandRegistry();
  jobs = new AgainJobs([running, lost, over, kept]);
  questions = [];
  addJobActions({ commands, jobs, trans }, ({ body, title } = {}) => {
    if (typeof title === 'string' && typeof body === 'string') {
      questions.push(`${title} ${body}`);
    }
    const button = answer ? Dialog.okButton() : Dialog.cancelButton();
    return Promise.resolve({ button, isChecked: null, value: null });
  });
});

describe('commands on jobs', () => {
  it.each([
    [CommandIDs.cancelJob, running.id, 'cancel running1'],
    [CommandIDs.checkAgain, lost.id, 'refresh lostjob1'],
    [CommandIDs.fetchResult, kept.id, 'fetch keptjob1'],
    [CommandIDs.removeJob, over.id, 'remove isover01'],
    [CommandIDs.submitAgain, over.id, 'submit-again isover01 {}']
  ])('do what they are called: %s', async (command, id, asked) => {
    await commands.execute(command, { id });
    expect(jobs.asked).toEqual([asked]);
  });

  it('submit again with another time', async () => {
    const args = { id: over.id, time: '3h' };
    await commands.execute(CommandIDs.submitAgain, args);
    expect(jobs.asked).toEqual(['submit-again isover01 {"time":"3h"}']);
    expect(commands.label(CommandIDs.submitAgain, args)).toBe('Submit again with 3h');
  });

  it('leave it to the row to say what is wrong with a submission', async () => {
    jobs.refusal = problem('notebook-missing', { notebook: 'a.ipynb' });
    await expect(commands.execute(CommandIDs.submitAgain, { id: over.id })).resolves.toBe(
      undefined
    );
  });

  it('hide no fault of the program', async () => {
    jobs.refusal = new TypeError('no such thing');
    await expect(commands.execute(CommandIDs.submitAgain, { id: over.id })).rejects.toThrow(
      'no such thing'
    );
  });

  it.each([
    ['it is to stay', false, []],
    ['it may go', true, ['remove keptjob1 even its result']]
  ])('ask before a result goes that is nowhere else: %s', async (_, accept, asked) => {
    answer = accept;
    await commands.execute(CommandIDs.removeJob, { id: kept.id });
    expect(questions).toEqual([
      'Remove analysis with its result? The result is kept in /home/ada/.jupyterlab-submit/k3v9x2ab. It is nowhere else, and goes with the job.'
    ]);
    expect(jobs.asked).toEqual(asked);
  });
});
