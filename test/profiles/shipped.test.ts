import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseProfile } from '../../src/api/profile';
import { SHIPPED, shipped } from '../../src/profiles/shipped';

const FOLDER = 'src/profiles/shipped';
const files = readdirSync(FOLDER);

/** Whether some host is meant by both patterns. */
function meet(one: string, other: string): boolean {
  const [parts, others] = [one.split('.'), other.split('.')];
  return (
    parts.length === others.length && parts.every((part, at) => partsMeet(part, others[at] ?? ''))
  );
}

function partsMeet(one: string, other: string): boolean {
  if (one === '' || other === '') {
    return /^\**$/.test(one + other);
  }
  if (one.startsWith('*')) {
    return partsMeet(one.slice(1), other) || (other !== '' && partsMeet(one, other.slice(1)));
  }
  if (other.startsWith('*')) {
    return partsMeet(other, one);
  }
  return one[0] === other[0] && partsMeet(one.slice(1), other.slice(1));
}

test('patterns that meet are found', () => {
  expect(meet('login*.a.org', 'login3.a.org')).toBe(true);
  expect(meet('log*.a.org', '*in.a.org')).toBe(true);
  expect(meet('*.a.org', 'a.org')).toBe(false);
  expect(meet('login.a.org', 'login*.b.org')).toBe(false);
});

test('every file comes along', () => {
  expect(SHIPPED).toHaveLength(files.length);
  expect(shipped.map(({ name }) => `${name}.json`).toSorted()).toEqual(files.toSorted());
});

describe.each(files)('%s', file => {
  const read = parseProfile(readFileSync(`${FOLDER}/${file}`, 'utf8'));

  test('is right', () => {
    expect(read.ok ? [] : read.wrong).toEqual([]);
  });

  test('says where it was read and when, and that nobody has tried it', () => {
    const { hosts = [], sources = [], tried } = read.ok ? read.profile : {};
    expect(tried).toBe(false);
    expect(sources.length).toBeGreaterThan(0);
    expect(hosts.length).toBeGreaterThan(0);
  });

  test('locks nothing, and sets nothing that is the person’s own', () => {
    const rules = Object.entries(read.ok ? read.profile.fields : {});
    expect(rules.filter(([, rule]) => rule?.locked === true)).toEqual([]);
    expect(rules.map(([field]) => field)).not.toContain('environment');
  });
});

test('no two know the same host', () => {
  const all = shipped.flatMap(({ hosts, name }) => hosts.map(host => ({ host, name })));
  const both = all.flatMap((one, at) =>
    all
      .slice(at + 1)
      .filter(other => meet(one.host, other.host))
      .map(other => `${one.name} ${one.host}, ${other.name} ${other.host}`)
  );
  expect(both).toEqual([]);
});
