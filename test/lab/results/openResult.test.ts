import { beforeEach, describe, expect, it } from 'vitest';
import { problem } from '../../../src/api/problem';
import { ResultOpener } from '../../../src/lab/results/openResult';
import { finishedJob } from '../../api/jobRecord';
import { FakeJobs } from '../jobs/fakeJobs';

const job = finishedJob();
const RESULT = 'work/analysis.k3v9x2ab.ipynb';
const SOURCE = 'work/analysis.ipynb';

/** Jupyter, which notes what is done with it. */
class FakeJupyter {
  files = new Set([RESULT, SOURCE]);
  trusted = new Set<string>();
  shown = new Set<string>();
  failure: Error | null = null;
  readonly done: string[] = [];

  isThere(path: string): Promise<boolean> {
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(this.files.has(path));
  }

  isTrusted(path: string): Promise<boolean> {
    return Promise.resolve(this.trusted.has(path));
  }

  trust(path: string): Promise<void> {
    this.done.push(`trust ${path}`);
    return Promise.resolve();
  }

  reveal(path: string): boolean {
    if (this.shown.has(path)) {
      this.done.push(`reveal ${path}`);
    }
    return this.shown.has(path);
  }

  open(path: string): void {
    this.done.push(`open ${path}`);
  }
}

let jobs: FakeJobs;
let jupyter: FakeJupyter;
let opener: ResultOpener;
let verdict: 'trusted' | 'ask' | 'never';

beforeEach(() => {
  jobs = new FakeJobs([job]);
  jupyter = new FakeJupyter();
  verdict = 'trusted';
  opener = new ResultOpener({
    jobs,
    notebooks: jupyter,
    pages: jupyter,
    trust: { judge: host => (host === job.cluster.host ? verdict : 'ask') }
  });
});

describe('opening a result', () => {
  it('trusts it first when its source is trusted', async () => {
    jupyter.trusted.add(SOURCE);
    expect(await opener.open(job)).toBeNull();
    expect(jupyter.done).toEqual([`trust ${RESULT}`, `open ${RESULT}`]);
  });

  it('never trusts it when its source is not', async () => {
    expect(await opener.open(job)).toBeNull();
    expect(jupyter.done).toEqual([`open ${RESULT}`]);
  });

  it.each(['ask', 'never'] as const)('never trusts it where its host is not: %s', async said => {
    verdict = said;
    jupyter.trusted.add(SOURCE);
    expect(await opener.open(job)).toBeNull();
    expect(jupyter.done).toEqual([`open ${RESULT}`]);
  });

  it('never trusts it when its source lies where nobody can look', async () => {
    jupyter.trusted.add(SOURCE);
    jobs.path = file => (file === job.spec.notebook ? null : RESULT);
    expect(await opener.open(job)).toBeNull();
    expect(jupyter.done).toEqual([`open ${RESULT}`]);
  });

  it('shows one that is open, as it is', async () => {
    jupyter.trusted.add(SOURCE);
    jupyter.shown.add(RESULT);
    expect(await opener.open(job)).toBeNull();
    expect(jupyter.done).toEqual([`reveal ${RESULT}`]);
  });

  it('opens once, however often it is asked', async () => {
    await Promise.all([opener.open(job), opener.open(job), opener.open(job)]);
    expect(jupyter.done).toEqual([`open ${RESULT}`]);
    await opener.open(job);
    expect(jupyter.done).toEqual([`open ${RESULT}`, `open ${RESULT}`]);
  });

  it('waits until its place is known', async () => {
    jobs.path = () => undefined;
    const opening = opener.open(job);
    jobs.tell();
    expect(jupyter.done).toEqual([]);
    jobs.tell({ path: file => file.replace('/home/ada/', '') });
    expect(await opening).toBeNull();
    expect(jupyter.done).toEqual([`open ${RESULT}`]);
  });

  it('tells that it lies outside of what the server shows', async () => {
    jobs.path = () => null;
    expect(await opener.open(job)).toEqual({ why: 'outside', file: job.result.notebook });
    expect(jupyter.done).toEqual([]);
  });

  it('tells that it is gone', async () => {
    jupyter.files.delete(RESULT);
    expect(await opener.open(job)).toEqual({ why: 'gone', file: job.result.notebook });
    expect(jupyter.done).toEqual([]);
  });

  it('tells of a problem, and can be asked again', async () => {
    jupyter.failure = problem('server-silent', {});
    expect(await opener.open(job)).toMatchObject({
      why: 'problem',
      problem: { code: 'server-silent' }
    });
    jupyter.failure = null;
    expect(await opener.open(job)).toBeNull();
  });

  it('hides no fault of the program', async () => {
    jupyter.failure = new TypeError('no such thing');
    await expect(opener.open(job)).rejects.toThrow('no such thing');
  });

  it('does nothing for a job without a notebook', async () => {
    const without = { ...job, result: { ...job.result, notebook: null } };
    expect(await opener.open(without)).toBeNull();
    expect(jupyter.done).toEqual([]);
  });
});
