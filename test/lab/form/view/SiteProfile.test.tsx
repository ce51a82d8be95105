import { act } from 'react';
import { describe, expect, it } from 'vitest';
import { type ChosenProfile, ofOrigin, readProfile } from '../../../../src/api/profile';
import { CommandIDs } from '../../../../src/lab/commandIDs';
import { button, click, type } from '../../jobs/drawn';
import { field, page, said } from '../formPage';
import { FakeClusters, clusterChoice, hpc } from '../formWorld';

function profile(change: object = {}, origin: ChosenProfile['origin'] = 'shipped'): ChosenProfile {
  const read = readProfile({
    name: 'example',
    title: 'Example',
    tried: false,
    sources: [
      { url: 'https://a.example', date: '2025-01-01' },
      { url: 'https://b.example', date: '2026-02-03' }
    ],
    ...change
  });
  if (!read.ok) {
    throw new Error(JSON.stringify(read.wrong));
  }
  return ofOrigin(read.profile, origin);
}

/** The form of a cluster whose site says this. */
function shown(change: object = {}, origin: ChosenProfile['origin'] = 'shipped') {
  const fields = [...hpc().fields, 'account', 'qos', 'launcher'];
  const site = hpc({ profile: profile(change, origin), fields });
  const shownPage = page({ clusters: new FakeClusters([site, clusterChoice()]) });
  act(() => shownPage.form.set('cluster', 'hpc'));
  return shownPage;
}

describe('the profile of a site', () => {
  it('is named, with whose word it is and when, and leads to the settings', () => {
    const { executed, place } = shown({ purge: [{ where: 'in /scratch', days: 10 }] });
    expect(place.textContent).toContain('Profile: Example');
    click("About the sitefrom the site's documents; not tried by us");
    expect(place.textContent).toContain('Files are deleted after 10 days: in /scratch');
    expect(place.textContent).toContain("from the site's documents; not tried by us (2026-02-03)");
    expect([...place.querySelectorAll('a')].map(({ href, rel }) => [href, rel])).toEqual([
      ['https://a.example/', 'noopener noreferrer'],
      ['https://b.example/', 'noopener noreferrer']
    ]);
    click('change');
    expect(executed).toEqual([CommandIDs.openSettings]);
  });

  it('of an administrator is not changed by anybody', () => {
    const { place } = shown({}, 'administrator');
    expect(place.textContent).toContain('Profile: Example');
    expect(() => button('change')).toThrow(/change/);
  });

  it('is nothing where none counts', () => {
    const { place } = page();
    expect(place.textContent).not.toContain('Profile');
  });
});

describe('the fields of a form', () => {
  it('that a site wants are in sight, marked, and missed until they are filled in', () => {
    const { form } = shown({ fields: { account: { required: true, note: 'your project' } } });
    const account = field('Account');
    expect(account.ariaRequired).toBe('true');
    expect(account.labels?.[0]?.dataset['mark']).toBe('needed');
    expect(said('Account')).toContain('is needed at Example: your project');
    type(account, 'phys');
    expect(said('Account')).toBe('your project');
    expect(form.fields).toEqual([]);
  });

  it('that a site has set cannot be changed, and are sent', async () => {
    const { form, jobs } = shown({ fields: { qos: { default: 'normal', locked: true } } });
    act(() => form.set('qos', 'high'));
    click('MoreQoS: normal');
    expect([field('QoS').readOnly, field('QoS').value]).toEqual([true, 'normal']);
    await act(() => form.submit());
    expect(jobs.submitted).toMatchObject([{ qos: 'normal' }]);
  });

  it('offer what a site has to choose from', () => {
    shown({ fields: { qos: { choices: { debug: '30 minutes', regular: '' } } } });
    click('More');
    const options = [...(field('QoS').list?.options ?? [])];
    expect(options.map(({ textContent, value }) => [value, textContent])).toEqual([
      ['debug', '30 minutes'],
      ['regular', '']
    ]);
  });

  it('take over an environment that the site keeps', () => {
    const environments = [
      { title: 'Old', environment: ['module load old'] },
      { title: 'New', environment: ['module load new'], python: '/opt/new/bin/python' }
    ];
    const { form, place } = shown({ environments });
    click('More');
    const select = [...place.querySelectorAll('select')].find(({ options }) =>
      [...options].some(({ text }) => text === 'New')
    );
    expect(select?.value).toBe('-1');
    act(() => {
      form.set('environment', ['module load new']);
      form.set('python', '/opt/new/bin/python');
    });
    expect(select?.value).toBe('1');
  });
});
