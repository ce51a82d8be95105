import { describe, expect, it } from 'vitest';
import type { ClusterChoice } from '../../../../src/api/routes';
import { ClusterMemory } from '../../../../src/lab/form/model/clusterMemory';
import type { Page } from '../../../../src/lab/page/page';
import { NOON, finishedJob, jobSpec } from '../../../api/jobRecord';
import { FakeBrowser } from '../../fakeBrowser';
import { FakeClusters, SubmittedJobs, clusterChoice, formWorld, hpc } from '../formWorld';

const CHOICES = [hpc({ host: 'login' }), hpc({ name: 'old' }), clusterChoice()];

/** A browser whose windows each have a form, and what was submitted by others. */
function browser(choices: readonly ClusterChoice[] = CHOICES) {
  const shared = new FakeBrowser();
  const jobs = new SubmittedJobs();
  let now = NOON;
  const clock: Page['clock'] = { now: () => (now += 1) * 1000, after: () => () => undefined };
  return {
    jobs,
    open: (change: Partial<Page> = {}) =>
      formWorld({
        jobs,
        clusters: new FakeClusters(choices),
        memory: new ClusterMemory(shared.page({ clock, ...change }), 'cluster')
      }),
    /** A job from elsewhere, such as a terminal. */
    ran: (cluster: string) => {
      const spec = jobSpec({ cluster, notebook: '/home/ada/else.ipynb' });
      return finishedJob({ spec, createdAt: (now += 1) });
    }
  };
}

describe('the cluster that a form begins with', () => {
  it('is This machine until a person has chosen, whatever else there is', () => {
    expect(browser().open().form.values.cluster).toBe('local');
    expect(browser([hpc({ host: 'login' })]).open().form.values.cluster).toBe('local');
  });

  it('is the one that was chosen last, in any notebook, window or reload', () => {
    const { open } = browser();
    const { form, notebooks, other } = open();
    form.set('cluster', 'old');
    form.set('cluster', 'hpc');
    notebooks.turnTo(other);
    expect(form.values.cluster).toBe('hpc');
    expect(open().form.values.cluster).toBe('hpc');
  });

  it('is the one of the last job, when that is newer than the choice', () => {
    const { jobs, open, ran } = browser();
    open().form.set('cluster', 'hpc');
    jobs.list = [ran('local'), ran('old')].toReversed();
    expect(open().form.values.cluster).toBe('old');
    open().form.set('cluster', 'hpc');
    expect(open().form.values.cluster).toBe('hpc');
  });

  it('is This machine when the one that was used last is gone', () => {
    const { jobs, open, ran } = browser();
    open().form.set('cluster', 'sold');
    expect(open().form.values.cluster).toBe('local');
    jobs.list = [ran('old'), ran('gone')].toReversed();
    expect(open().form.values.cluster).toBe('local');
  });

  it('stays while it is in sight, whatever happens elsewhere, and is looked up anew with the next notebook', () => {
    const { jobs, open, ran } = browser();
    const { form, notebooks, other } = open();
    form.follow();
    open().form.set('cluster', 'hpc');
    jobs.tell({ list: [ran('old')] });
    expect(form.values.cluster).toBe('local');
    notebooks.turnTo(other);
    expect(form.values.cluster).toBe('old');
  });

  it('comes as soon as jobs are known', () => {
    const { jobs, open, ran } = browser();
    jobs.phase = 'loading';
    const { form } = open();
    form.follow();
    expect(form.values.cluster).toBe('local');
    jobs.tell({ phase: 'live', list: [ran('old')] });
    expect(form.values.cluster).toBe('old');
  });

  it('is known to one window alone where the browser keeps nothing', () => {
    const storage: Page['storage'] = {
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {
        throw new Error('forbidden');
      }
    };
    const { open } = browser();
    const { form, notebooks, other } = open({ storage });
    form.set('cluster', 'hpc');
    notebooks.turnTo(other);
    expect(form.values.cluster).toBe('hpc');
    expect(open({ storage }).form.values.cluster).toBe('local');
  });
});
