import { describe, expect, it, vi } from 'vitest';
import { contentsPathOf } from '../../../../src/api/paths';
import { finishedJob, jobSpec } from '../../../api/jobRecord';
import {
  FakeClusters,
  FakeNotebook,
  SubmittedJobs,
  clusterChoice,
  formWorld,
  hpc
} from '../formWorld';

describe('what is filled in', () => {
  it('begins with what the cluster says, on this machine', () => {
    const { form } = formWorld();
    expect(form.notebook).toBe('work/analysis.ipynb');
    expect(form.values).toEqual({ cluster: 'local', cores: '2', time: '1h' });
    expect(form.fields).toEqual([]);
  });

  it('takes what the last job of this notebook had, where that is not usual', () => {
    const spec = jobSpec({ cluster: 'hpc', cores: 64, queue: 'long', timeSeconds: 3600, nodes: 8 });
    const elsewhere = { ...spec, notebook: '/home/ada/elsewhere/analysis.ipynb', cores: 3 };
    const jobs = new SubmittedJobs([finishedJob({ spec: elsewhere }), finishedJob({ spec })]);
    const clusters = new FakeClusters([clusterChoice(), hpc()]);
    expect(formWorld({ clusters, jobs }).form.values).toEqual({
      cluster: 'hpc',
      cores: '64',
      time: '1h',
      queue: 'long',
      nodes: '8'
    });
  });

  it('leaves what only one cluster understands there', () => {
    const spec = jobSpec({
      cluster: 'hpc',
      cores: 64,
      queue: 'long',
      environment: ['module load x']
    });
    const clusters = new FakeClusters([clusterChoice(), hpc()]);
    const { form } = formWorld({ clusters, jobs: new SubmittedJobs([finishedJob({ spec })]) });
    form.set('cluster', 'local');
    expect(form.values).toEqual({ cluster: 'local', cores: '64', time: '2:00:00' });
  });

  it('takes what the last job on the chosen cluster had, before those on others', () => {
    const jobs = new SubmittedJobs([
      finishedJob({ spec: jobSpec({ cores: 3 }) }),
      finishedJob({ spec: jobSpec({ cluster: 'hpc', cores: 64, queue: 'long' }) })
    ]);
    const clusters = new FakeClusters([clusterChoice(), hpc()]);
    const { form } = formWorld({ clusters, jobs });
    expect(form.values).toMatchObject({ cluster: 'local', cores: '3' });
    form.set('cluster', 'hpc');
    expect(form.values).toMatchObject({ cluster: 'hpc', cores: '64', queue: 'long' });
  });

  it('does not begin with what was meant for another cluster', () => {
    const jobs = new SubmittedJobs([
      finishedJob({ spec: jobSpec({ notebook: '/home/ada/b.ipynb' }) }),
      finishedJob({ spec: jobSpec({ cluster: 'hpc', cores: 64, queue: 'long' }) })
    ]);
    const clusters = new FakeClusters([clusterChoice(), hpc()]);
    expect(formWorld({ clusters, jobs }).form.values).toEqual({
      cluster: 'local',
      cores: '2',
      time: '1h'
    });
  });

  it("keeps the person's own for each notebook, over everything else, and with a new name", () => {
    const jobs = new SubmittedJobs();
    const { form, notebook, notebooks, other } = formWorld({ jobs });
    form.set('cores', '16');
    notebooks.turnTo(other);
    expect(form.values.cores).toBe('2');
    notebooks.turnTo(notebook);
    jobs.tell({ list: [finishedJob({ spec: jobSpec({ cores: 4 }) })] });
    expect(form.values).toMatchObject({ cores: '16', time: '2:00:00' });
    notebooks.current = new FakeNotebook('new.ipynb');
    const [from, to] = [contentsPathOf('work/analysis.ipynb'), contentsPathOf('new.ipynb')];
    notebooks.moved.emit({ from, to });
    expect(form.values.cores).toBe('16');
  });

  it('shows another notebook until the current one changes', () => {
    const { form, notebooks, other } = formWorld();
    form.show(contentsPathOf('far/away.ipynb'));
    expect(form.notebook).toBe('far/away.ipynb');
    notebooks.turnTo(other);
    expect(form.notebook).toBe('other.ipynb');
    notebooks.turnTo(null);
    expect(form.notebook).toBeNull();
  });

  it('tells of other jobs only when they change what is filled in', () => {
    const { form, jobs } = formWorld();
    const changed = vi.fn<() => void>();
    form.changed.connect(changed);
    jobs.tell({ list: [finishedJob({ spec: jobSpec({ notebook: '/home/ada/b.ipynb' }) })] });
    expect(changed).not.toHaveBeenCalled();
    jobs.tell({ list: [finishedJob({ spec: jobSpec({ cores: 5 }) })] });
    expect(changed).toHaveBeenCalledOnce();
  });
});
