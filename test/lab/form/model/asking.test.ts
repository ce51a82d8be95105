import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problem } from '../../../../src/api/problem';
import type { CheckAnswer } from '../../../../src/api/routes';
import { FakeClusters, checkAnswer, clusterChoice, formWorld, hpc, later } from '../formWorld';

const settle = () => vi.advanceTimersByTimeAsync(400);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('asking', () => {
  it('asks once the form has settled, and only while somebody follows', async () => {
    const { client, form } = formWorld();
    await settle();
    expect(client.asked).toEqual([]);
    const following = form.follow();
    form.set('cores', '3');
    await vi.advanceTimersByTimeAsync(300);
    form.set('cores', '36');
    await vi.advanceTimersByTimeAsync(300);
    expect(client.asked).toEqual([]);
    await settle();
    expect(client.asked).toMatchObject([{ notebook: 'work/analysis.ipynb', cores: 36 }]);
    expect(form.check).toEqual(checkAnswer());
    form.set('cores', '37');
    following.dispose();
    await settle();
    expect(client.asked).toHaveLength(1);
  });

  it('lets a login ask the person only where the person wants it', async () => {
    const { client, form, jobs } = formWorld();
    form.follow();
    await settle();
    expect(client.who).toEqual([{ insists: false, asks: false }]);
    const answer = later<CheckAnswer>();
    client.answer = () => answer.promise;
    const asked = form.ask();
    await settle();
    expect(client.who.at(-1)).toEqual({ insists: true, asks: true });
    expect(jobs.followers).toBe(1);
    answer.resolve(checkAnswer());
    await asked;
    expect(jobs.followers).toBe(0);
  });

  it('asks about no other host before the person chooses it', async () => {
    const clusters = new FakeClusters([hpc({ host: 'login' }), clusterChoice()]);
    const { client, form } = formWorld({ clusters });
    form.follow();
    await form.ask();
    await settle();
    expect(new Set(client.asked.map(({ cluster }) => cluster))).toEqual(new Set(['local']));
    form.set('cluster', 'hpc');
    await settle();
    expect(client.asked.at(-1)?.cluster).toBe('hpc');
  });

  it('asks again after the notebook was saved, and not for other news', async () => {
    const { client, form, jobs, notebooks } = formWorld();
    form.follow();
    await settle();
    jobs.tell();
    await settle();
    expect(client.asked).toHaveLength(1);
    notebooks.saved.emit();
    await settle();
    expect(client.asked).toHaveLength(2);
  });

  it('is not kept from asking by news that come all the time', async () => {
    const { client, form, jobs } = formWorld();
    form.follow();
    for (let tick = 0; tick < 5; tick += 1) {
      await vi.advanceTimersByTimeAsync(100);
      jobs.tell();
    }
    expect(client.asked).toHaveLength(1);
  });

  it('forgets answers to what is no longer asked', async () => {
    const { client, form } = formWorld();
    const slow = later<CheckAnswer>();
    client.answer = () => slow.promise;
    const first = form.ask();
    await vi.advanceTimersByTimeAsync(0);
    expect(form.isChecking).toBe(true);
    client.answer = () => Promise.resolve(checkAnswer({ engines: 9 }));
    form.set('cores', '9');
    await form.ask();
    slow.resolve(checkAnswer({ engines: 1 }));
    await first;
    expect(form.check?.engines).toBe(9);
  });

  it('knows nothing of another notebook', async () => {
    const { form, notebooks, other } = formWorld();
    await form.ask();
    notebooks.turnTo(other);
    expect(form).toMatchObject({ check: null, isChecking: false });
  });

  it('does not ask where the cluster has a problem of its own, and knows nothing of it', async () => {
    const broken = hpc({
      problem: problem('cluster-settings', { cluster: 'hpc' }).problem,
      defaults: {},
      fields: []
    });
    const { client, form } = formWorld({ clusters: new FakeClusters([broken, clusterChoice()]) });
    form.follow();
    await settle();
    expect(form.check).not.toBeNull();
    form.set('cluster', 'hpc');
    await settle();
    expect(client.asked).toHaveLength(1);
    expect(form).toMatchObject({ check: null, fields: [] });
    expect(form.values).toEqual({ cluster: 'hpc', cores: '2', time: '1h' });
  });

  it('saves first when that is asked for, and says when it cannot', async () => {
    const { client, form, notebook } = formWorld();
    notebook.isDirty = true;
    await form.ask({ save: true });
    expect(notebook.saves).toBe(1);
    expect(client.asked).toHaveLength(1);
    notebook.isDirty = true;
    notebook.onSave = () => Promise.reject(new Error('disk full'));
    await form.ask({ save: true });
    expect(form.problem).toMatchObject({
      code: 'notebook-not-saved',
      details: { output: 'disk full' }
    });
    expect(client.asked).toHaveLength(1);
  });

  it('says what went wrong, and tries again', async () => {
    const { client, form } = formWorld();
    client.answer = () => Promise.reject(problem('server-silent', {}));
    await form.ask();
    expect(form.problem?.code).toBe('server-silent');
    client.answer = () => Promise.resolve(checkAnswer());
    await form.ask();
    expect(form.problem).toBeNull();
  });
});
