import { act } from 'react';
import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/api/problem';
import { CommandIDs } from '../../../../src/lab/commandIDs';
import { finishedJob } from '../../../api/jobRecord';
import { button, click, type } from '../../jobs/drawn';
import { field, page, said } from '../formPage';
import { FakeClusters, SubmittedJobs, clusterChoice, hpc } from '../formWorld';

describe('the fields', () => {
  it('say what a time comes to, and what is wrong, to everybody', () => {
    page();
    type(field('Time'), '2h');
    expect(said('Time')).toBe('= 2:00:00');
    expect(field('Time').getAttribute('aria-invalid')).toBe('false');
    type(field('Time'), '90');
    expect(said('Time')).toBe('Wrong:"90" has no unit: write 90m, 2h or 48:00:00');
    expect(field('Time').getAttribute('aria-invalid')).toBe('true');
  });

  it('submit with Enter', async () => {
    const { jobs, place } = page();
    type(field('Cores'), '8');
    expect(place.querySelector('form')?.contains(field('Cores'))).toBe(true);
    expect([...place.querySelectorAll('[type="submit"], button:not([type])')]).toEqual([
      button('Submit')
    ]);
    await act(async () => place.querySelector('form')?.requestSubmit());
    expect(jobs.submitted).toMatchObject([{ cores: 8 }]);
  });

  it('take the keyboard to what is wrong instead of submitting it', () => {
    const { jobs } = page();
    type(field('Time'), 'soon');
    click('Submit');
    expect(document.activeElement).toBe(field('Time'));
    expect(jobs.submitted).toEqual([]);
  });

  it('wait for a notebook', () => {
    const { notebooks, place } = page();
    act(() => notebooks.turnTo(null));
    expect(place.textContent).toContain('Open a notebook to submit it.');
    expect(place.querySelector('fieldset')?.disabled).toBe(true);
    expect(button('Submit').disabled).toBe(true);
  });
});

describe('the cluster', () => {
  it('is ready, with its cores', () => {
    const { place } = page();
    expect(place.querySelector('.jp-SubmitForm-status')?.textContent).toBe('Ready, 8 cores');
    expect(place.querySelector('select')?.selectedOptions[0]?.text).toBe('This machine');
  });

  it('says what is wrong with it, and leads to the settings', () => {
    const broken = hpc({ problem: problem('cluster-settings', { cluster: 'hpc' }).problem });
    const { executed, form, place } = page({
      clusters: new FakeClusters([broken, clusterChoice()])
    });
    expect([...(place.querySelector('select')?.options ?? [])].map(({ text }) => text)).toEqual([
      'HPC (not ready)',
      'This machine'
    ]);
    act(() => form.set('cluster', 'hpc'));
    expect(place.textContent).toContain('The settings of the cluster hpc are not right.');
    click('Open settings');
    expect(executed).toEqual([CommandIDs.openSettings]);
  });

  it('is being looked for, or cannot be, and can be looked for again', () => {
    const clusters = new FakeClusters([]);
    clusters.phase = 'loading';
    const { place } = page({ clusters });
    expect(place.querySelector('.jp-SubmitForm-status')?.textContent).toBe('Checking…');
    act(() => clusters.tell({ phase: 'offline', problem: problem('server-silent', {}).problem }));
    expect(place.textContent).toContain('The Jupyter server does not answer.');
    click('Retry');
    expect(clusters.loads).toBe(1);
  });
});

describe('the first minute', () => {
  const EXPLANATION = 'Submit runs a copy of this notebook';

  it.each([
    ['add', new FakeClusters()],
    ['choose', new FakeClusters([hpc(), clusterChoice()])]
  ])('is explained, with the way to more: %s', (does, clusters) => {
    const { executed, place } = page({ jobs: new SubmittedJobs(), clusters });
    expect(place.textContent).toContain(EXPLANATION);
    expect(place.textContent).toContain(`run on this machine until you ${does} a cluster`);
    click('Add a cluster');
    expect(executed).toEqual([CommandIDs.openSettings]);
  });

  it('is over when another cluster is chosen', () => {
    const clusters = new FakeClusters([hpc(), clusterChoice()]);
    const { form, place } = page({ jobs: new SubmittedJobs(), clusters });
    act(() => form.set('cluster', 'hpc'));
    expect(place.textContent).not.toContain(EXPLANATION);
  });

  it.each([
    ['somebody has submitted before', new SubmittedJobs([finishedJob()]), new FakeClusters()],
    [
      'jobs are not known',
      Object.assign(new SubmittedJobs(), { phase: 'loading' }),
      new FakeClusters()
    ]
  ])('is over when %s', (_, jobs, clusters) => {
    expect(page({ jobs, clusters }).place.textContent).not.toContain(EXPLANATION);
  });
});
