import { describe, expect, it } from 'vitest';
import { FIELD_CODES } from '../../src/api/field';
import { FIELD_NAMES } from '../../src/api/fields';
import { fieldLabel, fieldWords } from '../../src/words';
import { strict } from './strict';

/** Every value that some code has. */
const VALUES = {
  word: 'prime',
  minimum: 1,
  maximum: 8,
  cores: 5,
  coresPerEngine: 2,
  nodes: 3,
  enginesPerNode: 4,
  engines: 8,
  given: 'abc',
  option: '--time',
  covered: 'time',
  choices: 'a, b',
  cluster: 'hpc',
  folder: '/scratch/ada',
  site: 'Example',
  why: 'it is so',
  advice: 'a folder in /work'
};

describe('fieldWords', () => {
  it.each(FIELD_CODES)('has a sentence for %s, with and without values', code => {
    const words = fieldWords({ field: 'time', code, values: VALUES }, strict);
    expect(words).not.toMatch(/%\d|\?|undefined/);
    expect(words).not.toBe('');
    expect(fieldWords({ field: 'time', code, values: {} }, strict)).not.toMatch(/undefined/);
  });

  it.each([
    ['time-format', '90', '"90" has no unit: write 90m, 2h or 48:00:00'],
    ['time-format', '2:30', '"2:30" can be read in two ways: write 90m, 2h or 48:00:00'],
    ['time-format', 'long', '"long" is not a time: write 90m, 2h or 48:00:00'],
    ['memory-format', '4', '"4" has no unit: write 4G or 4M'],
    ['memory-format', 'much', '"much" is not an amount of memory: write 2G or 500M']
  ] as const)('%s of %j: %s', (code, given, words) => {
    expect(fieldWords({ field: 'x', code, values: { given } }, strict)).toBe(words);
  });

  it('counts out what does not fit together', () => {
    expect(fieldWords({ field: 'cores', code: 'not-divisible', values: VALUES }, strict)).toBe(
      '5 cores cannot be shared out to engines of 2 cores each: ask for a multiple of 2'
    );
  });
});

describe('fieldLabel', () => {
  it('has a label of its own for every field', () => {
    const labels = FIELD_NAMES.map(field => fieldLabel(field, strict));
    expect(new Set(labels).size).toBe(FIELD_NAMES.length);
    expect(labels).not.toContain('');
  });

  it('numbers the entries of a list from 1', () => {
    expect(fieldLabel('files.2', strict)).toBe('Files to take along, entry 3');
  });

  it.each([
    ['defaults.time', 'Default of Time'],
    ['defaults.files.1', 'Default of Files to take along, entry 2'],
    ['defaults.walltime', 'Default of walltime'],
    ['defaults', 'Defaults'],
    ['clusters', 'Clusters'],
    ['clusters.0', 'Cluster 1'],
    ['clusters.1.name', 'Cluster 2, Name'],
    ['baseFolder', 'Base folder'],
    ['sites', 'Site profiles'],
    ['sites.1', 'Site profile 2'],
    ['sites.1.fields.account', 'Site profile 2, fields.account'],
    ['/etc/jupyter/a.json: fields.account', '/etc/jupyter/a.json: fields.account'],
    ['environment.0', 'Environment lines, entry 1']
  ])('knows %s of the settings as %s', (field, label) => {
    expect(fieldLabel(field, strict)).toBe(label);
  });

  it.each(['walltime', 'toString', ''])(
    'leaves a field that it does not know (%j) as it is',
    field => {
      expect(fieldLabel(field, strict)).toBe(field);
    }
  );
});
