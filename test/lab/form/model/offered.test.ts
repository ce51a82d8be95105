import { describe, expect, it } from 'vitest';
import type { Told } from '../../../../src/api/clusterCheck';
import { english } from '../../../../src/api/translation';
import { choicesFor, mismatchOf, withSite } from '../../../../src/lab/form/model/offered';

const account = { notIn: [], qos: [], defaultQos: null };
const TOLD: Told = {
  queues: [{ name: 'main', isDefault: true, limitSeconds: null, isUsable: true }],
  accounts: [
    { ...account, name: 'phys-001', words: '1,200 of 5,000 core hours left' },
    { ...account, name: 'physics', notIn: ['main'], words: 'until May' },
    { ...account, name: 'chemistry' },
    { ...account, name: 'biology', notIn: ['main'], words: '' }
  ],
  qos: []
};
const ASKED = { queue: '', account: '', qos: '' };

describe('accounts that are offered', () => {
  const offered = choicesFor('account', TOLD, ASKED, english);

  it('have the words of their site behind what does not go together', () => {
    expect(offered.map(({ note, value }) => [value, note])).toEqual([
      ['phys-001', '1,200 of 5,000 core hours left'],
      ['physics', 'not in the queue main; until May'],
      ['chemistry', ''],
      ['biology', 'not in the queue main']
    ]);
  });

  it('have what the profile says of each as well', () => {
    const choices = { 'phys-001': 'of the institute', chemistry: 'of the others', law: '' };
    expect(withSite(offered, { choices }).map(({ note }) => note)).toEqual([
      '1,200 of 5,000 core hours left; of the institute',
      'not in the queue main; until May',
      'of the others',
      'not in the queue main'
    ]);
  });

  it('are marked by what does not go together alone', () => {
    const said = (name: string): string =>
      mismatchOf('account', TOLD, { ...ASKED, account: name }, english);
    expect(['phys-001', 'physics'].map(said)).toEqual(['', 'not in the queue main']);
    expect(said('law')).toMatch(/^none of yours/);
  });
});
