import { expect, test } from 'vitest';
import { type SiteProfile, readProfile } from '../../src/api/profile';
import { type Profiles, chooseProfile, profileNames } from '../../src/profiles/choose';

function profile(name: string, ...hosts: string[]): SiteProfile {
  const read = readProfile({ name, hosts });
  if (!read.ok) {
    throw new Error(JSON.stringify(read.wrong));
  }
  return read.profile;
}

const NOTHING = { administrators: [], cluster: null, shipped: [] };
const all = {
  administrators: [profile('theirs', 'login.example.org'), profile('other', '*.example.com')],
  cluster: profile('own'),
  shipped: [profile('ours', 'login.example.org', 'login.example.net')]
};

/** Name and origin of the one that counts. */
function chosen(
  asked: string | undefined,
  host: string | null,
  profiles: Profiles = all
): string | null {
  const found = chooseProfile(asked, host, profiles);
  return found === null ? null : `${found.name}, ${found.origin}`;
}

test('where nobody knows the host, none counts', () => {
  expect(chooseProfile(undefined, 'login.example.org', NOTHING)).toBeNull();
  expect(chosen(undefined, 'elsewhere', { ...all, cluster: null })).toBeNull();
});

test('an administrator’s that knows the host counts, whatever the settings name', () => {
  for (const asked of [undefined, 'none', 'ours', 'unknown']) {
    expect(chosen(asked, 'login.example.org')).toBe('theirs, administrator');
  }
});

test('what the settings name counts before the cluster’s own, and that before ours', () => {
  expect(chosen('ours', 'login.example.net')).toBe('ours, shipped');
  expect(chosen('theirs', 'login.example.net')).toBe('theirs, administrator');
  expect(chosen(undefined, 'login.example.net')).toBe('own, cluster');
  expect(chosen(undefined, 'login.example.net', { ...all, cluster: null })).toBe('ours, shipped');
});

test('none is none', () => {
  expect(chosen('none', 'login.example.net')).toBeNull();
});

test('a name that nothing has is no other profile', () => {
  expect(chosen('gone', 'login.example.net')).toBeNull();
});

test('a host that is not known yet is no site’s', () => {
  expect(chosen(undefined, null, { ...all, cluster: null })).toBeNull();
});

test('all names can be set, and none', () => {
  expect(profileNames(all)).toEqual(['none', 'theirs', 'other', 'own', 'ours']);
});

test('a profile without a title goes by its name', () => {
  expect(chooseProfile('own', null, all)?.title).toBe('own');
});
