import { describe, expect, it } from 'vitest';
import {
  BUILT_IN_DEFAULTS,
  givenProblems,
  readDefaults,
  withDefaults
} from '../../src/api/defaults';
import { FIELD_NAMES } from '../../src/api/fields';
import { parseJobSpec } from '../../src/api/jobSpec';
import { EVERY_FIELD } from './everyField';

/** Every field that defaults may have, and a value that is right. */
const { cluster: _, notebook: __, ...rest } = EVERY_FIELD;
const RIGHT: Record<string, unknown> = rest;

describe('readDefaults', () => {
  it('takes every field of a form but those that name notebook and cluster', () => {
    expect(Object.keys(RIGHT).toSorted()).toEqual(
      FIELD_NAMES.filter(field => field !== 'notebook' && field !== 'cluster').toSorted()
    );
    expect(readDefaults(RIGHT)).toEqual({ defaults: RIGHT, wrong: [] });
  });

  it.each([undefined, null, {}, { time: '', cores: null, files: [], queue: undefined }])(
    'takes %j for nothing set',
    value => {
      expect(readDefaults(value)).toEqual({ defaults: {}, wrong: [] });
      expect(readDefaults(value, BUILT_IN_DEFAULTS).defaults).toEqual(BUILT_IN_DEFAULTS);
    }
  );

  it.each<[string, unknown, string, string]>([
    ['time', '90', 'time', 'time-format'],
    ['time', 90, 'time', 'time-format'],
    ['time', '10s', 'time', 'minimum'],
    ['cores', '4', 'cores', 'whole-number'],
    ['cores', 0, 'cores', 'minimum'],
    ['memoryPerCore', '4', 'memoryPerCore', 'memory-format'],
    ['files', ['fine', '../x'], 'files.1', 'pattern-outside'],
    ['files', '*.csv', 'files', 'text'],
    ['environment', ['a\nb'], 'environment.0', 'control-characters'],
    ['python', 'python3', 'python', 'absolute-path'],
    ['allowErrors', 'yes', 'allowErrors', 'yes-no'],
    ['notebook', '/a.ipynb', 'notebook', 'unknown'],
    ['cluster', 'hpc', 'cluster', 'unknown'],
    ['walltime', '2h', 'walltime', 'unknown']
  ])('keeps the others where %s is %j', (name, value, field, code) => {
    const read = readDefaults({ account: 'phys', [name]: value }, BUILT_IN_DEFAULTS);
    expect(read.wrong).toMatchObject([{ field, code }]);
    const { [name]: _, ...others } = { ...BUILT_IN_DEFAULTS, account: 'phys' } as typeof RIGHT;
    expect(read.defaults).toEqual(others);
  });

  it.each(['2h', 4, true])('is told that %j are no defaults', value => {
    const { defaults, wrong } = readDefaults(value);
    expect(defaults).toEqual({});
    expect(wrong).toMatchObject([{ field: '' }]);
  });
});

describe('withDefaults', () => {
  const form = { notebook: '/a.ipynb', cores: 4, time: '', files: [], allowErrors: false };

  it('lets the form win, then the earlier defaults', () => {
    const own = { time: '2h', cores: 8, allowErrors: true };
    expect(withDefaults(form, own, { time: '3h', files: ['*.csv'] })).toEqual({
      notebook: '/a.ipynb',
      cores: 4,
      time: '2h',
      files: ['*.csv'],
      allowErrors: false
    });
  });

  it('makes a form of nothing but a notebook one that can be submitted', () => {
    expect(parseJobSpec(withDefaults({ notebook: '/a.ipynb' }, BUILT_IN_DEFAULTS))).toMatchObject({
      ok: true,
      value: { cores: 2, timeSeconds: 3600 }
    });
  });

  it.each([null, 'text', 7, [1]])('leaves %j, which is no form, to the check', value => {
    expect(withDefaults(value, BUILT_IN_DEFAULTS)).toEqual(value);
  });

  it('does not let a form reach what all objects share', () => {
    const evil: unknown = JSON.parse('{"__proto__": {"cores": 9}}');
    expect(withDefaults(evil)).not.toHaveProperty('cores');
  });
});

describe('givenProblems', () => {
  it.each<[Record<string, unknown>, string[]]>([
    [{}, []],
    [{ notebook: '/a.ipynb' }, []],
    [{ cores: 3 }, []],
    [{ coresPerEngine: 2 }, []],
    [{ nodes: 9 }, []],
    [{ cores: 4, coresPerEngine: 2 }, []],
    [{ cores: 3, coresPerEngine: 2 }, ['cores: not-divisible']],
    [{ cores: 2, coresPerEngine: 1, nodes: 3 }, ['nodes: maximum']],
    [{ cores: 0, time: '90' }, ['cores: minimum', 'time: time-format']],
    [{ walltime: 1 }, ['walltime: unknown']]
  ])('%j: %j', (form, expected) => {
    expect(givenProblems(form).map(({ code, field }) => `${field}: ${code}`)).toEqual(expected);
  });
});
