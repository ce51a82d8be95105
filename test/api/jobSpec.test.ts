import { describe, expect, it } from 'vitest';
import type { FieldCode } from '../../src/api/field';
import { FIELDS, FIELD_NAMES } from '../../src/api/fields';
import { type JobForm, nameOf, parseJobSpec } from '../../src/api/jobSpec';
import { EVERY_FIELD, QUOTED, TEXT_FIELDS } from './everyField';
import { jobSpec } from './jobRecord';

const FORM = { notebook: '/home/ada/work/analysis.ipynb', cores: 4, time: '2h' } satisfies JobForm;

/** Problems of a form as `field: code`. */
function problems(change: Record<string, unknown>): string[] {
  const parsed = parseJobSpec({ ...FORM, ...change });
  return parsed.ok ? [] : parsed.fields.map(({ code, field }) => `${field}: ${code}`);
}

function specOf(change: Record<string, unknown> = {}): unknown {
  const parsed = parseJobSpec({ ...FORM, ...change });
  return parsed.ok ? parsed.value : parsed.fields;
}

describe('parseJobSpec', () => {
  it('needs a notebook, cores and a time, and fills in the rest', () => {
    expect(specOf()).toEqual(jobSpec());
  });

  it('keeps everything that a form can say', () => {
    const { memoryPerCore: _, time: __, ...same } = EVERY_FIELD;
    expect(specOf(EVERY_FIELD)).toEqual({
      ...same,
      engines: 32,
      timeSeconds: 216_000,
      memoryPerCoreMb: 1536
    });
  });

  it('takes null, empty text and undefined for a field that was not filled in', () => {
    const empty = Object.fromEntries(
      FIELD_NAMES.filter(field => !(field in FORM)).map((field, index) => [
        field,
        [null, '', undefined][index % 3]
      ])
    );
    expect(specOf(empty)).toEqual(jobSpec());
  });

  it.each([null, undefined, 'a form', 42, [], [FORM]])('refuses %j as a form', form => {
    expect(parseJobSpec(form)).toMatchObject({ ok: false });
  });

  it('tells every wrong field at once', () => {
    expect(problems({ cores: 0, time: '90', email: 'nobody', nodes: 'two' })).toEqual([
      'cores: minimum',
      'time: time-format',
      'nodes: whole-number',
      'email: email-format'
    ]);
  });

  it.each<[keyof JobForm, unknown, FieldCode]>([
    ['notebook', '', 'required'],
    ['notebook', null, 'required'],
    ['notebook', 7, 'text'],
    ['notebook', 'analysis.ipynb', 'absolute-path'],
    ['notebook', '/work/analysis.py', 'notebook-path'],
    ['notebook', `/${'x'.repeat(4096)}.ipynb`, 'too-long'],
    ['cluster', 'my cluster', 'name-characters'],
    ['cores', undefined, 'required'],
    ['cores', '4', 'whole-number'],
    ['cores', 1.5, 'whole-number'],
    ['cores', Number.NaN, 'whole-number'],
    ['cores', Infinity, 'whole-number'],
    ['cores', 0, 'minimum'],
    ['cores', -3, 'minimum'],
    ['cores', 1_000_001, 'maximum'],
    ['time', '', 'required'],
    ['time', '90', 'time-format'],
    ['time', 90, 'time-format'],
    ['time', '59s', 'minimum'],
    ['time', '367d', 'maximum'],
    ['memoryPerCore', '4', 'memory-format'],
    ['memoryPerCore', 4, 'memory-format'],
    ['memoryPerCore', '0G', 'memory-format'],
    ['nodes', 0, 'minimum'],
    ['nodes', 5, 'maximum'],
    ['enginesPerNode', 0.5, 'whole-number'],
    ['coresPerEngine', 0, 'minimum'],
    ['startEngines', 'yes', 'choice'],
    ['startEngines', true, 'choice'],
    ['mpi', 'yes', 'choice'],
    ['launcher', '-n 4', 'launcher'],
    ['launcher', ' ibrun', 'launcher'],
    ['launcher', 'mpirun -np $SLURM_NTASKS', 'launcher'],
    ['launcher', 'mpirun "-n 4"', 'launcher'],
    ['launcher', 'mpirun -n {ranks}', 'launcher'],
    ['launcher', 'ibrun; rm', 'launcher'],
    ['launcher', 4, 'text'],
    ['queue', 'a b', 'name-characters'],
    ['queue', '-long', 'name-characters'],
    ['account', 'a,b', 'name-characters'],
    ['qos', 'a'.repeat(129), 'too-long'],
    ['constraint', 'a b', 'name-characters'],
    ['gpusPerNode', 'all', 'whole-number'],
    ['gpuType', 'a100:4', 'name-characters'],
    ['name', '-x', 'name-characters'],
    ['name', 'été', 'name-characters'],
    ['name', 'x'.repeat(65), 'too-long'],
    ['email', 'ada', 'email-format'],
    ['email', '-ada@example.org', 'email-format'],
    ['email', 'ada@example.org,bob@example.org', 'email-format'],
    ['files', 'data.csv', 'text'],
    ['findFiles', 'yes', 'yes-no'],
    ['allowErrors', 1, 'yes-no'],
    ['allowLostEngines', 'yes', 'yes-no'],
    ['resultsFolder', '../results', 'results-folder'],
    ['resultsFolder', '/scratch/../ada', 'results-folder'],
    ['resultsFolder', '~bob/results', 'results-folder'],
    ['resultsFolder', 'x'.repeat(4097), 'too-long'],
    ['environment', 'module load x', 'text'],
    ['python', 'python3', 'absolute-path'],
    ['directives', ['x'.repeat(1025)], 'too-long']
  ])('refuses %s = %j (%s)', (field, value, code) => {
    const found = problems({ [field]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${field}(\\.0)?: ${code}$`));
  });

  it.each<[string, FieldCode]>([
    ['../data.csv', 'pattern-outside'],
    ['data/../../x', 'pattern-outside'],
    ['!../x', 'pattern-outside'],
    ['   ', 'pattern-empty'],
    ['', 'required'],
    ['a\nb', 'control-characters']
  ])('refuses the pattern %j (%s), and says which', (pattern, code) => {
    expect(problems({ files: ['fine.csv', pattern] })).toEqual([`files.1: ${code}`]);
    expect(problems({ exclude: [pattern] })).toEqual([`exclude.0: ${code}`]);
  });

  it('takes a name with two dots in it for no way out', () => {
    expect(problems({ files: ['a..b/c...', '..data'] })).toEqual([]);
  });

  it('refuses fields that it does not know', () => {
    expect(problems({ walltime: '2h' })).toEqual(['walltime: unknown']);
    expect(problems(JSON.parse('{"__proto__": {"cores": 8}, "a b": 1}'))).toHaveLength(1);
  });

  it.each<[Record<string, unknown>, string[]]>([
    [{ cores: 5, coresPerEngine: 2 }, ['cores: not-divisible']],
    [{ cores: 2, coresPerEngine: 4 }, ['cores: not-divisible']],
    [{ cores: 6, coresPerEngine: 2, nodes: 4 }, ['nodes: maximum']],
    [{ cores: 8, nodes: 3, enginesPerNode: 4 }, ['enginesPerNode: layout']],
    [{ cores: 8, nodes: 2, enginesPerNode: 4 }, []],
    [{ cores: 8, nodes: 3 }, []],
    [{ cores: 8, enginesPerNode: 3 }, []],
    [{ cores: 8, gpuType: 'a100' }, ['gpusPerNode: required']],
    [{ cores: 8, gpuType: 'a100', gpusPerNode: 4 }, []]
  ])('%j gives %j', (form, expected) => {
    expect(problems(form)).toEqual(expected);
  });
});

describe('what is in a field stays in it', () => {
  it('looks at every text field', () => {
    const texts = FIELD_NAMES.filter(field =>
      ['text', 'lines', 'patterns'].includes(FIELDS[field].kind)
    );
    expect(TEXT_FIELDS.map(([field]) => field).toSorted()).toEqual(texts.toSorted());
  });

  // The separators that a shell, a scheduler's parser or a terminal takes for the end of a line, and NUL and ESC.
  const CONTROLS = [
    '\n',
    '\r',
    '\0',
    '\t',
    '\u001b',
    '\u007f',
    '\u0085',
    '\u009b',
    '\u2028',
    '\u2029'
  ];

  it.each(TEXT_FIELDS)('%s holds no line end and no control character', (field, value) => {
    for (const evil of CONTROLS) {
      expect(problems({ [field]: value(evil) }), JSON.stringify(evil)).toHaveLength(1);
    }
  });

  it.each(TEXT_FIELDS.filter(([field]) => !QUOTED.has(field)))(
    '%s, which goes into a directive or an argv as it is, holds nothing that a shell would act on',
    (field, value) => {
      for (const evil of [
        // A launcher is several words.
        ...(field === 'launcher' ? [] : [' x']),
        ';x',
        '$x',
        '`x`',
        '"',
        "'",
        '\\',
        '#x',
        '<x',
        '>x',
        '$(x)',
        '{x}'
      ]) {
        expect(problems({ [field]: value(evil) }), evil).toHaveLength(1);
      }
    }
  );

  it.each(TEXT_FIELDS.filter(([field]) => QUOTED.has(field)))(
    '%s, which is quoted, keeps such characters as they are',
    (field, value) => {
      for (const evil of [' ', ';', '$(x)', '`', '"', "'", '\\', '#', '*', 'é', '日本']) {
        expect(specOf({ [field]: value(evil) })).toMatchObject({ [field]: value(evil) });
      }
    }
  );
});

describe('nameOf', () => {
  it.each([
    ['/work/analysis.ipynb', 'analysis'],
    ['/work/Été à la mer.ipynb', 'E-te-a-la-mer'],
    ["/work/it's 100%; $x.ipynb", 'it-s-100-x'],
    ['/work/-dash.ipynb', 'dash'],
    ['/work/.hidden.ipynb', 'hidden'],
    ['/work/日本.ipynb', 'notebook'],
    ['/work/.ipynb', 'notebook'],
    [`/work/${'x'.repeat(100)}.ipynb`, 'x'.repeat(64)],
    [`/work/${'x'.repeat(63)}-2.ipynb`, 'x'.repeat(63)]
  ])('makes %j to %s', (notebook, name) => {
    expect(nameOf(notebook)).toBe(name);
  });

  it('gives names that the form takes', () => {
    for (const file of ['a b', '...', '-', '__x__', '¿?', "'", 'x'.repeat(63) + '-y']) {
      expect(problems({ name: nameOf(`/work/${file}.ipynb`) }), file).toEqual([]);
    }
  });
});
