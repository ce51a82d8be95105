import { expect, it } from 'vitest';
import { english } from '../../../../src/api/translation';
import { moreWords } from '../../../../src/lab/form/view/moreWords';
import type { FormValues } from '../../../../src/lab/tokens';
import { hpc } from '../formWorld';

it.each<[words: string, values: FormValues]>([
  ['', { cores: '64', time: '9h', cluster: 'hpc' }],
  ['', { nodes: '', coresPerEngine: '1', environment: [], allowErrors: false, email: '' }],
  ['8 nodes · Queue: long', { queue: 'long', nodes: '8' }],
  [
    '2 cores per engine · 1 GB per core · 1 node',
    { nodes: '1', memoryPerCore: '1 GB', coresPerEngine: '2' }
  ],
  [
    'Extra directives: 2 · Go on after a failing cell',
    { directives: ['a', 'b'], allowErrors: true }
  ],
  ['Start engines: always', { startEngines: 'always' }],
  ['', { startEngines: 'auto' }],
  ['', { account: 'not a field of this cluster' }]
])('says %j', (words, values) => {
  expect(moreWords(values, hpc(), english)).toBe(words);
});

it('leaves out what the settings say anyway', () => {
  const choice = hpc({ defaults: { queue: 'main', memoryPerCore: '2G', allowErrors: true } });
  const values = { queue: 'main', memoryPerCore: '2048 MB', allowErrors: true };
  expect(moreWords(values, choice, english)).toBe('');
  expect(moreWords({ ...values, allowErrors: false }, choice, english)).toBe(
    'Go on after a failing cell: no'
  );
});
