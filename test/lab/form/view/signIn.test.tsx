import { act } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { problem } from '../../../../src/api/problem';
import { click, labels } from '../../jobs/drawn';
import { question } from '../../questions/question';
import { settled } from '../../settled';
import { clusterCheck } from '../model/fakeClusterChecks';
import { page } from '../formPage';
import { FakeClusters, checkAnswer, clusterChoice, hpc } from '../formWorld';

const asks = problem('login-asks', { host: 'login', user: 'ada' });

let world: ReturnType<typeof page>;

beforeEach(async () => {
  world = page({ clusters: new FakeClusters([hpc({ host: 'login' }), clusterChoice()]) });
  act(() => world.form.set('cluster', 'hpc'));
  world.client.answer = () => Promise.reject(asks);
  await act(() => world.form.ask());
});

const told = (): (string | null)[] =>
  [...world.place.querySelectorAll('[role=alert]')].map(node => node.textContent);

/** The check of the cluster is over, with this problem or without one. */
async function checked(wrong = asks, isIn = false): Promise<void> {
  await act(async () => {
    if (isIn) {
      world.checked.answer(clusterCheck());
    } else {
      world.checked.fail(wrong);
    }
    await settled();
  });
}

describe('a host that asks', () => {
  it('is signed in to with a button beside it, and what waited for that is asked again', async () => {
    click('Check HPC');
    await checked();
    expect(told()).toHaveLength(1);
    expect(labels(world.place)).toContain('Sign in');
    expect(labels(world.place)).not.toContain('Check again');
    click('Sign in');
    expect(world.checked.asks).toEqual([true, true]);
    world.client.answer = () => Promise.resolve(checkAnswer());
    await checked(asks, true);
    expect(told()).toEqual([]);
    expect(world.client.who.at(-1)).toEqual({ insists: true, asks: true });
  });

  it('is asked once, when the person cancels', async () => {
    click('Check HPC');
    await checked();
    const before = world.client.asked.length;
    click('Sign in');
    await checked(problem('sign-in-cancelled', { host: 'login' }));
    expect(world.client.asked).toHaveLength(before);
    expect(labels(world.place).filter(label => label === 'Sign in')).toHaveLength(1);
  });

  it('is signed in to beside what was submitted, too', async () => {
    expect(labels(world.place)).toContain('Sign in');
    click('Sign in');
    world.client.answer = () => Promise.resolve(checkAnswer());
    await checked(asks, true);
    expect(told()).toEqual([]);
    expect(world.form.check).toEqual(checkAnswer());
  });

  it('needs no button once somebody has signed in elsewhere', async () => {
    const { checked: service, checks, client, form, jobs } = world;
    const following = [checks.follow(), form.follow()];
    await checked();
    expect(told()).toHaveLength(1);
    act(() => jobs.tell({ questions: [question()] }));
    client.answer = () => Promise.resolve(checkAnswer());
    act(() => jobs.tell({ questions: [] }));
    await checked(asks, true);
    await act(() => vi.waitFor(() => expect(form.check).toEqual(checkAnswer())));
    expect(told()).toEqual([]);
    expect([service.asks, client.who.at(-1)]).toEqual([
      [false, false],
      { insists: false, asks: false }
    ]);
    following.forEach(each => each.dispose());
  });

  it('has nothing to do with other problems', async () => {
    click('Check HPC');
    await checked(problem('cluster-unreachable', { cluster: 'hpc' }));
    expect(labels(world.place)).toContain('Check again');
  });
});
