import { expect, it } from 'vitest';
import { ofOrigin, readProfile } from '../../src/api/profile';
import { english } from '../../src/api/translation';
import { originWords, profileDate, profileLines } from '../../src/words';

function lines(part: object): string[] {
  const read = readProfile({ name: 'example', ...part });
  if (!read.ok) {
    throw new Error(JSON.stringify(read.wrong));
  }
  return profileLines(ofOrigin(read.profile, 'cluster'), english);
}

it.each([
  ['administrator', true, 'by the administrator of this Jupyter'],
  ['cluster', true, 'by the cluster itself'],
  ['shipped', false, "from the site's documents; not tried by us"],
  ['shipped', true, "from the site's documents"],
  ['other', true, 'other']
])('says whose word it is: %s, tried: %s', (origin, isTried, expected) => {
  expect(originWords(origin, isTried, english)).toBe(expected);
});

it('says nothing of what the site does not say', () => {
  expect(lines({})).toEqual([]);
  expect(lines({ home: 'yes', internet: true, nodes: { whole: false } })).toEqual([]);
});

it('says a sentence for each thing', () => {
  const profile = {
    login: 'Password, then a code',
    home: 'no',
    baseFolder: 'a folder of yours in /work',
    purge: [
      { where: 'in /scratch', days: 10 },
      { where: 'in /tmp', days: 1 }
    ],
    internet: false,
    nodes: { whole: ['standard', 'large'] },
    loginNodes: ['No computing']
  };
  expect(lines(profile)).toEqual([
    'Logging in: Password, then a code',
    'Jobs do not see the home folder.',
    'Base folder: a folder of yours in /work',
    'Files are deleted after 10 days: in /scratch',
    'Files are deleted after 1 day: in /tmp',
    'Jobs have no way to the internet.',
    'A job gets whole nodes in these queues: standard, large',
    'Login nodes: No computing'
  ]);
  expect(lines({ home: 'read-only', nodes: { whole: true } })).toEqual([
    'Jobs can read the home folder, and not write there.',
    'A job gets whole nodes: all of their cores count.'
  ]);
});

it('is as old as its newest source', () => {
  const dates = ['2025-01-01', '2026-02-03', '2024-05-06'];
  const sources = dates.map(date => ({ url: 'https://a.example', date }));
  const read = readProfile({ name: 'example', sources });
  expect(read.ok && profileDate(ofOrigin(read.profile, 'shipped'))).toBe('2026-02-03');
});
