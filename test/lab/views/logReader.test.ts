import { nullTranslator } from '@jupyterlab/translation';
import { DisposableDelegate } from '@lumino/disposable';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { problem } from '../../../src/api/problem';
import { LogReader } from '../../../src/lab/views/logReader';
import { TextPane } from '../../../src/lab/views/textPane';
import { NOON, jobRecord } from '../../api/jobRecord';
import { FakeJobs } from '../jobs/fakeJobs';
import { FakeLogs } from './fakeLogs';

class FollowedJobs extends FakeJobs {
  readonly followed = new Set<string>();

  override follow(view = 'nothing'): DisposableDelegate {
    this.followed.add(view);
    return new DisposableDelegate(() => this.followed.delete(view));
  }
}

const running = jobRecord({
  state: 'running',
  submittedAt: NOON,
  progress: { engines: { ready: 2, wanted: 2 }, cell: null }
});

let jobs: FollowedJobs;
let logs: FakeLogs;
let pane: TextPane;
let reader: LogReader;

beforeEach(() => {
  vi.useFakeTimers();
  logs = new FakeLogs();
});

afterEach(() => {
  reader.dispose();
  vi.useRealTimers();
});

async function open(job: JobRecord = running): Promise<void> {
  jobs = new FollowedJobs([job]);
  const trans = nullTranslator.load('jupyterlab_submit');
  pane = new TextPane({ label: 'analysis: log', isLog: true });
  reader = new LogReader(pane, { job, client: logs, jobs, trans });
  reader.begin();
  await pass(100);
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

function words(): string {
  return pane.node.querySelector('[role="status"]')?.textContent ?? '';
}

function looks(name: string): number {
  return logs.asked.filter(([asked, from]) => asked === name && from < 1e9).length;
}

describe('reading a log', () => {
  it('begins with what the runner notes', async () => {
    logs.write('runner', 'Cell 1 of 3\n');
    await open();
    expect(pane.text).toBe('Cell 1 of 3\n');
    expect(words()).toBe('');
  });

  it('shows what comes, within two seconds', async () => {
    logs.write('runner', 'one\n');
    await open();
    logs.write('runner', 'two\n');
    await pass(2100);
    expect(pane.text).toBe('one\ntwo\n');
  });

  it('says that there is nothing yet, and goes on looking', async () => {
    await open();
    expect(words()).toBe('Nothing yet.');
    logs.write('runner', '');
    await pass(2100);
    expect(words()).toBe('Nothing yet.');
    logs.write('runner', 'one\n');
    await pass(2100);
    expect(words()).toBe('');
    expect(pane.text).toBe('one\n');
  });

  it('rests while nobody sees it, and lets the job be watched closely only meanwhile', async () => {
    logs.write('runner', 'one\n');
    await open();
    expect([...jobs.followed]).toEqual([running.id]);
    reader.rest();
    const before = looks('runner');
    await pass(20_000);
    expect(looks('runner')).toBe(before);
    expect(jobs.followed.size).toBe(0);
    logs.write('runner', 'two\n');
    reader.begin();
    await pass(100);
    expect(pane.text).toBe('one\ntwo\n');
    expect([...jobs.followed]).toEqual([running.id]);
  });

  it('looks once more when the job is over, and then no more', async () => {
    logs.write('runner', 'one\n');
    await open();
    logs.write('runner', 'The end\n');
    jobs.tell({ list: [{ ...running, state: 'succeeded' }] });
    await pass(2100);
    expect(pane.text).toBe('one\nThe end\n');
    const before = looks('runner');
    await pass(60_000);
    expect(looks('runner')).toBe(before);
  });

  it('says that a job that is over wrote no such log', async () => {
    await open({ ...running, state: 'failed' });
    expect(words()).toBe('The job wrote no such log.');
  });

  it('keeps the last of a job that was removed', async () => {
    logs.write('runner', 'one\n');
    await open();
    jobs.tell({ list: [] });
    logs.failure = problem('no-such-job', { id: running.id });
    await pass(2100);
    expect(pane.text).toBe('one\n');
    expect(words()).toContain('There is no job k3v9x2ab.');
  });

  it('says what is in the way, asks less often, and goes on when it can', async () => {
    logs.failure = problem('cluster-unreachable', { cluster: 'hpc' });
    await open();
    await pass(120_000);
    expect(words()).toContain('hpc cannot be reached.');
    expect(looks('runner')).toBeLessThan(20);
    logs.failure = null;
    logs.write('runner', 'one\n');
    await pass(31_000);
    expect(pane.text).toBe('one\n');
    expect(words()).toBe('');
  });

  it('shows another log when it is chosen', async () => {
    logs.write('runner', 'runner\n');
    logs.write('kernel', 'kernel\n');
    await open();
    reader.choose('kernel');
    await pass(100);
    expect(pane.text).toBe('kernel\n');
  });

  it('goes on to the log that tells more, when the first has told nothing', async () => {
    logs.write('job', '');
    logs.write('runner', 'Cell 1 of 3\n');
    await open({ ...running, progress: null, state: 'starting' });
    expect(words()).toBe('Nothing yet.');
    jobs.tell({ list: [running] });
    await pass(2100);
    expect(reader.name).toBe('runner');
    expect(pane.text).toBe('Cell 1 of 3\n');
  });

  it('stays with the log that the person has chosen, and with one that has told something', async () => {
    await open({ ...running, progress: null, state: 'starting' });
    reader.choose('controller');
    jobs.tell({ list: [running] });
    await pass(2100);
    expect(reader.name).toBe('controller');
    reader.dispose();

    logs.write('job', 'a banner\n');
    await open({ ...running, progress: null, state: 'starting' });
    jobs.tell({ list: [running] });
    await pass(2100);
    expect(reader.name).toBe('job');
  });

  it('says that a log stayed empty', async () => {
    logs.write('runner', '');
    await open({ ...running, state: 'succeeded' });
    expect(words()).toBe('Empty.');
  });

  it('shows nothing of a log that is no longer chosen', async () => {
    logs.write('runner', 'runner\n');
    logs.write('kernel', 'kernel\n');
    await open();
    reader.choose('kernel');
    reader.choose('runner');
    await pass(100);
    expect(pane.text).toBe('runner\n');
  });

  it.each([
    ['kernel', { code: 'kernel-died' as const, cell: null, signal: null }],
    ['job', null]
  ])('begins with the log that tells most: %s', async (name, cause) => {
    logs.write(name, `${name}\n`);
    await open({ ...running, progress: null, state: 'failed', cause });
    expect(pane.text).toBe(`${name}\n`);
  });
});
