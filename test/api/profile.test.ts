import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  BATCH_SYSTEMS,
  PROFILE_FIELDS,
  SiteProfile,
  parseProfile,
  readProfile,
  unreadableProfile
} from '../../src/api/profile';

/** What is wrong with a profile, as `field: code`. */
function wrong(profile: unknown): string[] {
  const read = readProfile(profile);
  return read.ok ? [] : read.wrong.map(({ code, field }) => `${field}: ${code}`);
}

/** What is wrong with a text. */
function inText(text: string): string[] {
  const read = parseProfile(text);
  return read.ok ? [] : read.wrong.map(({ code, field }) => `${field}: ${code}`);
}

describe('readProfile', () => {
  test('needs a name, and nothing else', () => {
    expect(wrong({ name: 'example' })).toEqual([]);
    expect(wrong({})).toEqual(['name: required']);
    expect(wrong({ name: 'none' })).toEqual(['name: reserved']);
  });

  test.each([
    [[], ': object'],
    ['text', ': object'],
    [null, ': object']
  ])('%j is no profile', (value, expected) => {
    expect(wrong(value)).toEqual([expected]);
  });

  test.each([
    [{ color: 'red' }, 'color: unknown'],
    [{ hosts: 'login' }, 'hosts: list'],
    [{ hosts: ['Login'] }, 'hosts.0: host-pattern'],
    [{ hosts: Array.from({ length: 101 }, () => 'a') }, 'hosts: too-many'],
    [{ scheduler: 'local' }, 'scheduler: choice'],
    [{ tried: 'no' }, 'tried: yes-no'],
    [{ sources: [{ url: 'ftp://x', date: '2026-01-01' }] }, 'sources.0.url: web-address'],
    [{ sources: [{ url: 'https://x', date: 'May' }] }, 'sources.0.date: day'],
    [{ sources: [{ url: 'https://x' }] }, 'sources.0.date: required'],
    [{ help: 'javascript:alert(1)' }, 'help: web-address'],
    [{ fields: { color: {} } }, 'fields.color: unknown'],
    [{ fields: { files: { default: ['*'] } } }, 'fields.files: unknown'],
    [{ fields: { resultsFolder: { default: '/tmp' } } }, 'fields.resultsFolder: unknown'],
    [{ fields: { account: 'x' } }, 'fields.account: object'],
    [{ fields: { account: { default: 'a b' } } }, 'fields.account.default: name-characters'],
    [{ fields: { time: { default: '90' } } }, 'fields.time.default: time-format'],
    [{ fields: { cores: { default: 0 } } }, 'fields.cores.default: minimum'],
    [{ fields: { account: { locked: true } } }, 'fields.account: locked-without-default'],
    [{ fields: { account: { refused: 'no', required: true } } }, 'fields.account: refused'],
    [{ fields: { account: { choices: ['a'] } } }, 'fields.account.choices: object'],
    [{ refusedOptions: { '--mem': 'no' } }, 'refusedOptions.--mem: name-characters'],
    [{ purge: [{ where: 'x', days: 0 }] }, 'purge.0.days: minimum'],
    [{ queueSeconds: 3601 }, 'queueSeconds: maximum'],
    [{ accountsCommand: ['sbank'] }, 'accountsCommand: text'],
    [{ accountsCommand: 'sbank\nsaldo' }, 'accountsCommand: control-characters'],
    [{ accountsCommand: 'x'.repeat(4097) }, 'accountsCommand: too-long'],
    [{ home: 'maybe' }, 'home: choice'],
    [{ login: 'two\nlines' }, 'login: control-characters'],
    [
      { environments: [{ title: 'x', python: 'bin/python' }] },
      'environments.0.python: absolute-path'
    ]
  ])('%j: %s', (part, expected) => {
    expect(wrong({ name: 'example', ...part })).toEqual([expected]);
  });

  test('tells all that is wrong, not only the first', () => {
    expect(wrong({ hosts: ['A', 'B'], home: 'x' })).toEqual([
      'name: required',
      'hosts.0: host-pattern',
      'hosts.1: host-pattern',
      'home: choice'
    ]);
  });
});

describe('parseProfile', () => {
  test('reads a text, with a byte order mark, too', () => {
    expect(inText('{"name": "example"}')).toEqual([]);
    expect(inText('\uFEFF{"name": "example"}')).toEqual([]);
  });

  test('says what is no JSON, and what is too long', () => {
    expect(inText('{"name": ')).toEqual([': json']);
    expect(inText('')).toEqual([': json']);
    expect(inText(`"${'x'.repeat(70_000)}"`)).toEqual([': too-long']);
  });

  test('a file that cannot be read says why', () => {
    const why = 'Permission denied';
    expect(unreadableProfile(` ${why}\n`)).toEqual({
      ok: false,
      wrong: [{ field: '', code: 'unreadable', values: { why } }]
    });
  });
});

describe('docs/site.schema.json', () => {
  const Properties = v.record(v.string(), v.looseObject({}));
  const Schema = v.object({
    properties: v.looseObject({
      fields: v.object({ properties: Properties }),
      nodes: v.object({ properties: Properties }),
      scheduler: v.object({ enum: v.array(v.string()) })
    }),
    definitions: v.object({ rule: v.object({ properties: Properties }) })
  });
  const schema = v.parse(
    v.pipe(v.string(), v.parseJson(), Schema),
    readFileSync('docs/site.schema.json', 'utf8')
  );
  const { fields, nodes, scheduler } = schema.properties;

  test('has what a profile can say, and no more', () => {
    expect(Object.keys(schema.properties).toSorted()).toEqual(
      Object.keys(SiteProfile.entries).toSorted()
    );
    expect(Object.keys(fields.properties)).toEqual(PROFILE_FIELDS);
    expect(Object.keys(nodes.properties)).toEqual(['required', 'whole', 'cores']);
    expect(scheduler.enum).toEqual(BATCH_SYSTEMS);
    expect(Object.keys(schema.definitions.rule.properties)).toEqual([
      'required',
      'refused',
      'default',
      'locked',
      'choices',
      'note'
    ]);
  });

  test('sites.md has a row for each, and an example that is right', () => {
    const page = readFileSync('docs/sites.md', 'utf8');
    for (const name of Object.keys(SiteProfile.entries).filter(key => key !== '$schema')) {
      expect(page, name).toMatch(new RegExp(`^\\| [^|]*\`${name}\``, 'm'));
    }
    expect(inText(/```json\n([^]*?)```/.exec(page)?.[1] ?? '')).toEqual([]);
  });
});
