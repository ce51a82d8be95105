import { act } from 'react';
import { describe, expect, it } from 'vitest';
import { finishedJob, jobSpec } from '../../../api/jobRecord';
import { button, click, labels } from '../../jobs/drawn';
import { field, page } from '../formPage';
import { FakeClusters, FakeNotebook, SubmittedJobs, clusterChoice, hpc } from '../formWorld';

const RESULT = 'work/analysis.k3v9x2ab.ipynb';
const spec = jobSpec({ cluster: 'hpc', cores: 64, queue: 'long', timeSeconds: 600 });
const { cluster } = finishedJob();

/** The form beside the result of a job on HPC, in front of those of later jobs here. */
function resultPage({ source = '/home/ada/work/analysis.ipynb' } = {}) {
  const result = { ...finishedJob().result, notebook: '/home/ada/work/other.ipynb' };
  const jobs = new SubmittedJobs([
    finishedJob({ id: 'aaaaaaaa', result }),
    finishedJob({ spec: { ...spec, notebook: source }, cluster: { ...cluster, title: 'HPC' } })
  ]);
  const world = page({ jobs, clusters: new FakeClusters([hpc(), clusterChoice()]) });
  act(() => world.notebooks.turnTo(new FakeNotebook(RESULT)));
  const said = (): string => world.place.querySelector('.jp-SubmitForm-aside')?.textContent ?? '';
  return { ...world, said };
}

describe('a result in front', () => {
  it('says whose it is, and begins as its job was', () => {
    const { form, place, said } = resultPage();
    expect(said()).toMatch(/^Result of job analysis \(k3v9x2ab\) on HPC: done, .*2026/);
    expect(said()).toContain('Submit runs the notebook that it was made of, not this copy.');
    expect(place.querySelector('.jp-SubmitForm-notebook')?.textContent).toBe('analysis.ipynb');
    expect(form.values).toEqual({ cluster: 'hpc', cores: '64', time: '0:10:00', queue: 'long' });
  });

  it('submits the notebook that it was made of, with what is filled in', async () => {
    const { form, jobs, notebook } = resultPage();
    notebook.isDirty = true;
    act(() => form.set('cores', '8'));
    await act(() => form.submit());
    expect(notebook.saves).toBe(1);
    expect(jobs.submitted).toMatchObject([
      { notebook: 'work/analysis.ipynb', cluster: 'hpc', cores: 8, queue: 'long' }
    ]);
  });

  it('opens that notebook', () => {
    const { commands } = resultPage();
    const opened: unknown[] = [];
    commands.addCommand('docmanager:open', { execute: ({ path }) => opened.push(path) });
    click('Open notebook');
    expect(opened).toEqual(['work/analysis.ipynb']);
  });

  it('is submitted itself only when that is wanted, until another notebook is in front', async () => {
    const { form, jobs, notebooks, other, said } = resultPage();
    click('Submit this copy instead');
    expect(said()).toContain('Submit runs this copy, as a notebook of its own.');
    expect(form).toMatchObject({ notebook: RESULT, values: { cores: '64' } });
    await act(() => form.submit());
    expect(jobs.submitted).toMatchObject([{ notebook: RESULT }]);
    click('Submit the notebook instead');
    expect(form.notebook).toBe('work/analysis.ipynb');
    click('Submit this copy instead');
    act(() => notebooks.turnTo(other));
    expect([said(), form.result]).toEqual(['', null]);
    act(() => notebooks.turnTo(new FakeNotebook(RESULT)));
    expect(form.notebook).toBe('work/analysis.ipynb');
  });

  it('whose notebook this server does not show can only be submitted itself', () => {
    const world = resultPage({ source: '/elsewhere/analysis.ipynb' });
    const { form, jobs, said } = world;
    act(() => jobs.tell({ path: file => (file.startsWith('/home/ada/') ? file.slice(10) : null) }));
    expect(form.notebook).toBeNull();
    expect(said()).toContain('lies outside of what this server shows');
    expect(labels()).not.toContain('Open notebook');
    expect(button('Submit').disabled).toBe(true);
    click('Submit this copy instead');
    expect(form.notebook).toBe(RESULT);
  });

  it('is a notebook like any other when its job was removed', () => {
    const { form, jobs } = resultPage();
    act(() => jobs.tell({ list: [] }));
    expect(form).toMatchObject({ notebook: RESULT, result: null, values: { cores: '2' } });
    expect(field('Cores').value).toBe('2');
  });
});
