import { act } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { problem } from '../../../../src/api/problem';
import { CommandIDs } from '../../../../src/lab/commandIDs';
import { button, click, labels, type } from '../../jobs/drawn';
import { clusterCheck, lacking } from '../model/fakeClusterChecks';
import { field, page, said } from '../formPage';
import { FakeClusters, clusterChoice, hpc } from '../formWorld';

/** The form with the cluster HPC chosen. */
function chosenPage() {
  const world = page({ clusters: new FakeClusters([hpc(), clusterChoice()]) });
  act(() => world.form.set('cluster', 'hpc'));
  return world;
}

/** The same, with this answer to its check. */
async function checkedPage(answer = clusterCheck()) {
  const world = chosenPage();
  click('Check HPC');
  await act(async () => world.checked.answer(answer));
  return world;
}

const status = (place: HTMLElement): string =>
  place.querySelector('.jp-SubmitForm-status')?.textContent ?? '';

describe('the check of a cluster', () => {
  it('is asked for with a button, and told where everybody hears it', async () => {
    const { checked, place } = chosenPage();
    expect(status(place)).toBe('Not checked yet');
    click('Check HPC');
    expect(status(place)).toBe('Checking…');
    await act(async () => checked.answer(clusterCheck()));
    expect(status(place)).toBe('Slurm 23.02.6, ready');
    expect(place.querySelector('.jp-SubmitForm-status')?.getAttribute('aria-live')).toBe('polite');
    const described = place.querySelector('select')?.getAttribute('aria-describedby') ?? '';
    expect(document.getElementById(described.split(' ')[0] ?? '')?.textContent).toBe(
      'Slurm 23.02.6, ready'
    );
  });

  it('shows all that was looked at when asked', async () => {
    const { place } = await checkedPage();
    click('What was checked4 of 4 in order');
    expect([...place.querySelectorAll('dt')].map(node => node.textContent)).toEqual([
      'Connection',
      'Batch system',
      'Queues',
      'Packages'
    ]);
    expect(place.querySelector('dl')?.textContent).toContain('main (default, at most 2 h), free');
  });

  it('says what is missing, with the line that installs it', async () => {
    const { executed, place } = await checkedPage(lacking());
    expect(status(place)).toBe('');
    expect(place.textContent).toContain('/p lacks ipyparallel.');
    const copy = vi.fn<() => boolean>();
    document.execCommand = copy;
    click('Copy line');
    expect(copy).toHaveBeenCalledWith('copy');
    click('Open settings');
    expect(executed).toEqual([CommandIDs.openSettings]);
    click('What was checked3 of 4 in order');
    expect(place.querySelector('dl')?.textContent).toContain('Wrong:Packages');
  });

  it('leaves the keyboard where it is when it is checked again', async () => {
    const { checked, place } = await checkedPage(lacking());
    button('Check again').focus();
    click('Check again');
    expect(status(place)).toBe('Checking…');
    expect(document.activeElement).toBe(button('Check again'));
    await act(async () => checked.answer(lacking()));
    expect(document.activeElement).toBe(button('Check again'));
    expect(checked.asked).toHaveLength(2);
  });

  it('gives the keyboard to the cluster when all is in order then', async () => {
    const { checked, place } = await checkedPage(lacking());
    button('Check again').focus();
    click('Check again');
    await act(async () => checked.answer(clusterCheck()));
    expect(document.activeElement).toBe(place.querySelector('select[name=cluster]'));
  });

  it('says why there is no answer', async () => {
    const { checked, place } = chosenPage();
    click('Check HPC');
    await act(async () => checked.fail(problem('server-silent', {})));
    expect(place.textContent).toContain('The Jupyter server does not answer.');
    expect(labels()).toContain('Check again');
  });

  it('is offered for no cluster whose settings are wrong', () => {
    const broken = hpc({ problem: problem('cluster-settings', { cluster: 'hpc' }).problem });
    const { form } = page({ clusters: new FakeClusters([broken, clusterChoice()]) });
    act(() => form.set('cluster', 'hpc'));
    expect(labels().filter(label => label.startsWith('Check'))).toEqual([]);
  });

  it('leaves This machine as it was, until it is asked for', async () => {
    const { checked, place } = page();
    expect(status(place)).toBe('Ready, 8 cores');
    click('Check This machine');
    await act(async () => checked.answer(clusterCheck({ name: 'local', scheduler: 'local' })));
    expect(status(place)).toBe('Ready, 8 cores');
    expect(labels()).toContain('What was checked4 of 4 in order');
  });
});

describe('what a check told', () => {
  it('helps with the time', async () => {
    await checkedPage();
    type(field('Time'), '2h');
    expect(said('Time')).toBe('= 2:00:00');
    type(field('Time'), '3h');
    expect(said('Time')).toBe('= 3:00:00; more than the queue takes: 2 h');
    type(field('Time'), '3:00:00');
    expect(said('Time')).toBe('more than the queue takes: 2 h');
  });

  it('offers the queues that can be used', async () => {
    await checkedPage();
    click('More');
    const offered = field('Queue').list?.options ?? [];
    expect([...offered].map(({ text, value }) => [value, text])).toEqual([
      ['main', 'at most 2 h'],
      ['free', '']
    ]);
    type(field('Queue'), 'free');
    type(field('Time'), '3h');
    expect(said('Time')).toBe('= 3:00:00');
  });

  it('offers the accounts and QoS that are mine, and marks what does not go together', async () => {
    const fields = [...hpc().fields, 'account', 'qos'];
    const { checked, form } = page({ clusters: new FakeClusters([hpc({ fields })]) });
    act(() => form.set('cluster', 'hpc'));
    click('Check HPC');
    await act(async () =>
      checked.answer(
        clusterCheck({
          accounts: [
            { name: 'physics', notIn: [], qos: ['normal', 'high'], defaultQos: 'normal' },
            { name: 'biology', notIn: ['main'], qos: ['normal'], defaultQos: null }
          ],
          qos: [
            { name: 'normal', notIn: [] },
            { name: 'high', notIn: ['free'] }
          ]
        })
      )
    );
    click('More');
    const offered = (label: string): string[][] =>
      [...(field(label).list?.options ?? [])].map(({ text, value }) => [value, text]);
    expect(offered('Account')).toEqual([
      ['physics', ''],
      ['biology', 'not in the queue main']
    ]);
    type(field('Account'), 'biology');
    expect(said('Account')).toBe('not in the queue main');
    type(field('Queue'), 'free');
    expect(said('Account')).toBe('');
    expect(offered('QoS')).toEqual([
      ['normal', ''],
      ['high', 'not with the account biology']
    ]);
    type(field('QoS'), 'high');
    expect(said('QoS')).toBe('not with the account biology');
    type(field('Account'), 'physics');
    expect(offered('QoS')[0]).toEqual(['normal', 'default']);
    expect(said('QoS')).toBe('not in the queue free');
    type(field('Account'), 'chemistry');
    expect(said('Account')).toBe('none of yours, which are: physics, biology');
    // They are marks: the cluster has the last word.
    expect(field('Account').getAttribute('aria-invalid')).toBe('false');
  });

  it('has what the site says of an account, and what does not work', async () => {
    const fields = [...hpc().fields, 'account'];
    const { checked, form, place } = page({ clusters: new FakeClusters([hpc({ fields })]) });
    act(() => form.set('cluster', 'hpc'));
    click('Check HPC');
    const account = { notIn: [], qos: [], defaultQos: null };
    const warning = problem('accounts-failed', {
      command: 'saldo',
      status: 3,
      said: 'no database'
    });
    const failed = {
      what: 'accounts',
      values: {},
      problem: null,
      warning: warning.problem
    } as const;
    const answer = clusterCheck();
    await act(async () =>
      checked.answer({
        ...answer,
        parts: [...answer.parts, failed],
        accounts: [
          { ...account, name: 'physics', words: '12 hours left' },
          { ...account, name: 'biology', notIn: ['main'], words: 'until May' }
        ]
      })
    );
    click('More');
    const { options = [] } = field('Account').list ?? {};
    expect([...options].map(({ text, value }) => [value, text])).toEqual([
      ['physics', '12 hours left'],
      ['biology', 'not in the queue main; until May']
    ]);
    // It keeps nobody from anything.
    expect(status(place)).toBe('Slurm 23.02.6, ready');
    click('What was checked4 of 5 in order');
    const told = [...place.querySelectorAll('dd')].at(-1)?.textContent ?? '';
    expect(told).toMatch(
      /^physics: 12 hours left\nbiology: until May\nThe command .*\nIt says ".*no database"\. .*cluster\.$/
    );
  });
});
