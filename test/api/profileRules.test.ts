import { describe, expect, test } from 'vitest';
import { FIELD_NAMES } from '../../src/api/fields';
import { type JobSpec, parseJobSpec } from '../../src/api/jobSpec';
import { type SiteProfile, ofOrigin, readProfile } from '../../src/api/profile';
import {
  coresOfNode,
  hasWholeNodes,
  ruled,
  rulingProblems,
  withNodes
} from '../../src/api/profileRules';

function profile(part: Partial<Record<keyof SiteProfile, unknown>>) {
  const read = readProfile({ name: 'example', title: 'Example', ...part });
  if (!read.ok) {
    throw new Error(JSON.stringify(read.wrong));
  }
  return ofOrigin(read.profile, 'cluster');
}

/** What is wrong with a form by a profile, as `field: code`. */
function wrong(
  part: Parameters<typeof profile>[0],
  form: Record<string, unknown>,
  taken: readonly string[] = FIELD_NAMES
): string[] {
  return rulingProblems(profile(part), form, taken).map(({ code, field }) => `${field}: ${code}`);
}

function spec(change: Record<string, unknown>): JobSpec {
  const parsed = parseJobSpec({ notebook: '/a.ipynb', cores: 96, time: '1h', ...change });
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.fields));
  }
  return parsed.value;
}

test('without a profile nothing counts', () => {
  expect(ruled(null)).toEqual({ defaults: {}, locked: {}, required: [], refused: {} });
  expect(rulingProblems(null, { account: 'x' }, FIELD_NAMES)).toEqual([]);
});

test('what a profile says of fields, by what it does', () => {
  const fields = {
    account: { required: true },
    qos: { default: 'normal', locked: true },
    launcher: { default: 'ibrun' },
    memoryPerCore: { refused: 'all of it is yours' }
  };
  expect(ruled(profile({ fields }))).toEqual({
    defaults: { qos: 'normal', launcher: 'ibrun' },
    locked: { qos: 'normal' },
    required: ['account'],
    refused: { memoryPerCore: 'all of it is yours' }
  });
});

describe('rulingProblems', () => {
  test('what is needed is missed by name, where the batch system has it', () => {
    const fields = { account: { required: true, note: 'such as phys' } };
    expect(wrong({ fields }, {})).toEqual(['account: site-requires']);
    expect(wrong({ fields }, { account: '' })).toEqual(['account: site-requires']);
    expect(wrong({ fields }, { account: 'phys' })).toEqual([]);
    expect(wrong({ fields }, {}, ['queue'])).toEqual([]);
    expect(rulingProblems(profile({ fields }), {}, FIELD_NAMES)).toEqual([
      { field: 'account', code: 'site-requires', values: { site: 'Example', why: 'such as phys' } }
    ]);
  });

  test('what is refused says why', () => {
    const fields = { memoryPerCore: { refused: 'all of it is yours' } };
    expect(rulingProblems(profile({ fields }), { memoryPerCore: '2G' }, FIELD_NAMES)).toEqual([
      {
        field: 'memoryPerCore',
        code: 'site-refuses',
        values: { site: 'Example', why: 'all of it is yours' }
      }
    ]);
    expect(wrong({ fields }, { memoryPerCore: null })).toEqual([]);
  });

  test('what is locked is as it is set, or not filled in', () => {
    const fields = {
      qos: { default: 'normal', locked: true },
      environment: { default: ['module load x'], locked: true }
    };
    expect(wrong({ fields }, {})).toEqual([]);
    expect(wrong({ fields }, { qos: 'normal', environment: ['module load x'] })).toEqual([]);
    expect(wrong({ fields }, { qos: 'high', environment: ['module load y'] })).toEqual([
      'qos: site-locked',
      'environment: site-locked'
    ]);
  });

  test.each([
    ['--mem=4G', true],
    ['--mem 4G', true],
    ['#SBATCH --mem=4G', true],
    ['--exclusive --mem', true],
    ['--mem-bind=local', false],
    ['--comment=--memory', false]
  ])('the line %s has an option that is refused: %s', (line, isRefused) => {
    const form = { directives: ['--exclusive', line] };
    expect(wrong({ refusedOptions: { mem: 'no' } }, form)).toEqual(
      isRefused ? ['directives.1: site-option'] : []
    );
  });
});

describe('withNodes', () => {
  const nodes = { required: true, cores: { skx: 48, spr: 112 } };

  test.each([
    [{ queue: 'skx' }, 2],
    [{ queue: 'skx', cores: 97 }, 3],
    [{ queue: 'spr' }, 1],
    [{ queue: 'skx', coresPerEngine: 32 }, 3],
    [{ queue: 'skx', enginesPerNode: 12 }, 8],
    [{ queue: 'skx', nodes: 4 }, 4]
  ])('%j needs %i nodes', (change, expected) => {
    const filled = withNodes(spec(change), profile({ nodes }));
    expect([filled.spec.nodes, filled.wrong]).toEqual([expected, []]);
  });

  test('a job without engines says one node by itself', () => {
    const alone = { ...spec({ queue: 'skx' }), engines: 0 };
    expect(withNodes(alone, profile({ nodes }))).toEqual({ spec: alone, wrong: [] });
  });

  test.each([{}, { queue: 'gone' }, { queue: 'skx', coresPerEngine: 96 }])(
    'where it cannot be known for %j, it is asked for',
    change => {
      expect(withNodes(spec(change), profile({ nodes })).wrong).toEqual([
        { field: 'nodes', code: 'site-requires', values: { site: 'Example', why: '' } }
      ]);
    }
  );

  test('nothing is filled in where nobody wants it', () => {
    const asked = spec({ queue: 'skx' });
    for (const ruling of [null, profile({}), profile({ nodes: { cores: 48 } })]) {
      expect(withNodes(asked, ruling)).toEqual({ spec: asked, wrong: [] });
    }
  });
});

test('how many cores a node has, in each queue or by the queue', () => {
  expect(coresOfNode(profile({ nodes: { cores: 64 } }), {})).toBe(64);
  expect(coresOfNode(profile({ nodes: { cores: { a: 8 } } }), { queue: 'a' })).toBe(8);
  expect(coresOfNode(profile({ nodes: { cores: { a: 8 } } }), { queue: 'b' })).toBeNull();
  expect(coresOfNode(profile({}), {})).toBeNull();
});

test('whole nodes, in each queue or in some', () => {
  expect(hasWholeNodes(profile({}), {})).toBe(false);
  expect(hasWholeNodes(profile({ nodes: { whole: true } }), {})).toBe(true);
  expect(hasWholeNodes(profile({ nodes: { whole: ['a'] } }), { queue: 'a' })).toBe(true);
  expect(hasWholeNodes(profile({ nodes: { whole: ['a'] } }), { queue: 'b' })).toBe(false);
});
