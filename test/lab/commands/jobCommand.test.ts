import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { CommandIDs } from '../../../src/lab/commandIDs';
import { addJobCommand } from '../../../src/lab/commands/jobCommand';
import { finishedJob, jobRecord } from '../../api/jobRecord';
import { FakeJobs } from '../jobs/fakeJobs';

const trans = nullTranslator.load('jupyterlab_submit');
const running = jobRecord({ id: 'running1', state: 'running' });
const over = finishedJob({ id: 'isover01' });

let commands: CommandRegistry;
let jobs: FakeJobs;
let done: JobRecord[];

beforeEach(() => {
  commands = new CommandRegistry();
  jobs = new FakeJobs([running, over]);
  done = [];
});

function add(when?: (job: JobRecord) => boolean): void {
  addJobCommand({ commands, jobs, trans }, CommandIDs.cancelJob, {
    label: 'Cancel',
    caption: 'End the job',
    args: { why: { type: 'string', description: 'Why' } },
    ...(when && { when }),
    does: job => {
      done.push(job);
    }
  });
}

describe('a command on a job', () => {
  it.each([
    ['a job that it is for', { id: running.id }, true],
    ['a job that it is not for', { id: over.id }, false],
    ['a job that is not known', { id: 'unknown1' }, false],
    ['no job', {}, false],
    ['something else than an id', { id: 7 }, false]
  ])('is there, or not, for %s', (_, args, expected) => {
    add();
    expect(commands.isEnabled(CommandIDs.cancelJob, args)).toBe(expected);
    expect(commands.isVisible(CommandIDs.cancelJob, args)).toBe(expected);
  });

  it('follows the job', () => {
    add();
    jobs.tell({ list: [{ ...running, state: 'succeeded' }] });
    expect(commands.isEnabled(CommandIDs.cancelJob, { id: running.id })).toBe(false);
  });

  it('is not there where more must hold and does not', () => {
    add(() => false);
    expect(commands.isVisible(CommandIDs.cancelJob, { id: running.id })).toBe(false);
  });

  it('gets the job as it is now', async () => {
    add();
    const now = { ...running, cancelRequestedAt: 1 };
    jobs.tell({ list: [now] });
    await commands.execute(CommandIDs.cancelJob, { id: running.id });
    expect(done).toEqual([now]);
  });

  it('does nothing with a job that is gone', async () => {
    add();
    jobs.tell({ list: [] });
    await commands.execute(CommandIDs.cancelJob, { id: running.id });
    expect(done).toEqual([]);
  });

  it('says which arguments it takes', async () => {
    add();
    const { args } = await commands.describedBy(CommandIDs.cancelJob);
    expect(args).toEqual({
      type: 'object',
      properties: {
        id: { type: 'string', description: 'The id of the job' },
        why: { type: 'string', description: 'Why' }
      },
      required: ['id']
    });
  });
});
