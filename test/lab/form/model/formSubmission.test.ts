import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contentsPathOf } from '../../../../src/api/paths';
import type { JobRecord } from '../../../../src/api/job';
import { problem } from '../../../../src/api/problem';
import { formWorld, later } from '../formWorld';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('submitting', () => {
  it('saves, submits and says so, step by step', async () => {
    const { form, jobs, notebook, steps } = formWorld();
    notebook.isDirty = true;
    const submitting = form.submit();
    // The click itself is seen to count.
    expect(steps).toEqual(['saving']);
    await submitting;
    expect(steps).toEqual(['saving', 'submitting', 'submitted']);
    expect(notebook.saves).toBe(1);
    expect(jobs.submitted).toMatchObject([
      { notebook: 'work/analysis.ipynb', cluster: 'local', cores: 2, time: '1:00:00' }
    ]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(form.step).toBe('idle');
  });

  it('saves nothing that has no changes', async () => {
    const { form, notebook, steps } = formWorld();
    await form.submit();
    expect(notebook.saves).toBe(0);
    expect(steps).toEqual(['submitting', 'submitted']);
  });

  it('submits once, however often it is clicked', async () => {
    const { form, jobs } = formWorld();
    await Promise.all([form.submit(), form.submit()]);
    await form.submit();
    expect(jobs.submitted).toHaveLength(1);
  });

  it.each([
    ['cannot be saved', { onSave: () => Promise.reject(new Error('disk full')) }],
    ['is read-only', { isReadOnly: true }]
  ])('submits nothing when the notebook %s', async (_, change) => {
    const { form, jobs, notebook } = formWorld();
    Object.assign(notebook, { isDirty: true }, change);
    await form.submit();
    expect(form).toMatchObject({ step: 'idle', problem: { code: 'notebook-not-saved' } });
    expect(jobs.submitted).toEqual([]);
  });

  it('submits a read-only notebook that has no changes', async () => {
    const { form, jobs, notebook } = formWorld();
    notebook.isReadOnly = true;
    await form.submit();
    expect(jobs.submitted).toHaveLength(1);
  });

  it('submits nothing from a drive', async () => {
    const { form, jobs } = formWorld();
    form.show(contentsPathOf('Cloud:analysis.ipynb'));
    expect(form.problem).toMatchObject({
      code: 'not-a-file',
      values: { path: 'Cloud:analysis.ipynb' }
    });
    await form.submit();
    expect(jobs.submitted).toEqual([]);
  });

  it('says why it was refused, until something is changed', async () => {
    const { form, jobs } = formWorld();
    jobs.answer = () => Promise.reject(problem('files-missing', { patterns: '*.csv' }));
    await form.submit();
    expect(form).toMatchObject({ step: 'idle', problem: { code: 'files-missing' } });
    form.set('files', []);
    expect(form.problem).toBeNull();
  });

  it('keeps step and refusal with their notebook', async () => {
    const { form, jobs, notebook, notebooks, other } = formWorld();
    const slow = later<JobRecord>();
    jobs.answer = () => slow.promise;
    const submitting = form.submit();
    notebooks.turnTo(other);
    expect(form.step).toBe('idle');
    slow.reject(problem('server-silent', {}));
    await submitting;
    expect(form.problem).toBeNull();
    notebooks.turnTo(notebook);
    expect(form.problem?.code).toBe('server-silent');
  });

  it('does nothing without a notebook', async () => {
    const { client, form, jobs, notebooks } = formWorld();
    notebooks.turnTo(null);
    await form.submit();
    await form.ask();
    expect([jobs.submitted, client.asked]).toEqual([[], []]);
  });
});
