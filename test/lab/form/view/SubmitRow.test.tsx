import { act } from 'react';
import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/api/problem';
import { CommandIDs } from '../../../../src/lab/commandIDs';
import { finishedJob, jobSpec } from '../../../api/jobRecord';
import { button, click, labels } from '../../jobs/drawn';
import { page } from '../formPage';
import { FakeClusters, checkAnswer, hpc, later } from '../formWorld';

describe('what is going to happen', () => {
  it('is said in a sentence, with what does not go along', async () => {
    const { client, form, place } = page();
    const notTaken = [
      { literal: '../data.csv', cell: 3 },
      { literal: '/scratch/big.h5', cell: 0 }
    ];
    client.answer = () => Promise.resolve(checkAnswer({ notTaken }));
    await act(() => form.ask());
    expect(place.querySelector('.jp-SubmitRow-plan')?.textContent).toBe('4 engines, at most 2 h.');
    expect([...place.querySelectorAll('.jp-SubmitWarnings li')].map(li => li.textContent)).toEqual([
      'Mind:Not taken along: ../data.csv (cell 3)',
      'Mind:Not taken along: /scratch/big.h5'
    ]);
  });

  it('is said with what is to be known before', async () => {
    const { client, form, place } = page();
    const notes = [{ code: 'kernel-missing', kernel: 'px', python: '/e/python' }] as const;
    client.answer = () => Promise.resolve(checkAnswer({ notes: [...notes] }));
    await act(() => form.ask());
    expect([...place.querySelectorAll('.jp-SubmitWarnings li')].map(li => li.textContent)).toEqual([
      'Mind:There is no kernel px where the job runs: the notebook runs in /e/python instead.'
    ]);
  });

  it('counts the cores that are there', async () => {
    const { client, form, place } = page();
    const spec = jobSpec({ cores: 64, engines: 64 });
    client.answer = () => Promise.resolve(checkAnswer({ spec, engines: 64 }));
    await act(() => form.ask());
    expect(place.querySelector('.jp-SubmitRow-plan')?.textContent).toBe(
      '64 engines, at most 2 h. They share 8 cores.'
    );
  });

  it('has its line before it is known, and none where there is nothing to say', async () => {
    const { client, form, place } = page();
    const line = () => place.querySelector('.jp-SubmitRow-plan')?.textContent;
    expect(line()).toBe('\u00a0');
    client.answer = () => Promise.reject(problem('server-silent', {}));
    await act(() => form.ask());
    expect(line()).toBe('');
  });

  it('can be seen as a script', () => {
    const { executed } = page();
    click('Preview script');
    expect(executed).toEqual([CommandIDs.previewScript]);
  });
});

describe('a host that cannot be reached', () => {
  it('is told once, beside the cluster', async () => {
    const clusters = new FakeClusters([hpc({ host: 'login' })]);
    const { checked, checks, client, form, place } = page({ clusters });
    act(() => form.set('cluster', 'hpc'));
    const gone = problem('host-not-found', { host: 'login' });
    client.answer = () => Promise.reject(gone);
    await act(() => form.ask());
    const told = (): number => place.querySelectorAll('.jp-SubmitProblem').length;
    expect(told()).toBe(1);
    const asked = checks.ask();
    checked.fail(gone);
    await act(() => asked);
    expect(told()).toBe(1);
    expect(place.querySelector('.jp-SubmitRow .jp-SubmitProblem')).toBeNull();
  });

  it('is not told of another cluster that is chosen instead', async () => {
    const clusters = new FakeClusters([hpc({ host: 'login' }), hpc({ name: 'other' })]);
    const { client, form, place } = page({ clusters });
    act(() => form.set('cluster', 'hpc'));
    client.answer = () => Promise.reject(problem('host-not-found', { host: 'login' }));
    await act(() => form.ask());
    expect(place.querySelector('.jp-SubmitRow .jp-SubmitProblem')).not.toBeNull();
    act(() => form.set('cluster', 'other'));
    expect(place.querySelector('.jp-SubmitRow .jp-SubmitProblem')).toBeNull();
  });
});

describe('a submission', () => {
  it('is seen in the button, and heard', async () => {
    const { jobs, notebook, place } = page();
    const heard = () => place.querySelector('[aria-live].jp-sr-only')?.textContent;
    const saving = later<void>();
    const submitting = later<ReturnType<typeof finishedJob>>();
    notebook.isDirty = true;
    notebook.onSave = () => saving.promise;
    jobs.answer = () => submitting.promise;
    click('Submit');
    expect([labels(place).includes('Saving…'), heard()]).toEqual([true, 'Saving…']);
    await act(async () => saving.resolve());
    expect(button('Submitting…').getAttribute('aria-disabled')).toBe('true');
    click('Submitting…');
    await act(async () => submitting.resolve(finishedJob()));
    expect([labels(place).includes('Submitted'), heard()]).toEqual([true, 'Submitted']);
    expect(jobs.submitted).toHaveLength(1);
  });

  it('that is refused says why, and what to do', async () => {
    const { client, executed, jobs, place } = page();
    jobs.answer = () => Promise.reject(problem('unknown-cluster', { cluster: 'hpc' }));
    click('Submit');
    await act(async () => undefined);
    expect(place.querySelector('[role="alert"]')?.textContent).toBe(
      'There is no cluster named hpc.'
    );
    click('Open settings');
    expect(executed).toEqual([CommandIDs.openSettings]);
    await act(async () => button('Check again').click());
    expect(client.asked).toHaveLength(1);
    expect(place.querySelector('[role="alert"]')).toBeNull();
  });

  it('says what is wrong with something that has no field', async () => {
    const { client, form, place } = page();
    const fields = [{ field: 'queue', code: 'unsupported', values: {} } as const];
    client.answer = () => Promise.reject(problem('invalid-fields', {}, { fields }));
    await act(() => form.ask());
    expect(place.textContent).toContain('Queue: means nothing to the batch system');
  });
});
