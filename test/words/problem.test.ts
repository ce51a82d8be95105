import { describe, expect, it } from 'vitest';
import { PROBLEMS, type ProblemCode } from '../../src/api/problem';
import { problemWords } from '../../src/words';
import { strict } from './strict';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

describe('problemWords', () => {
  it.each(CODES)('explains %s with all values that it has', code => {
    const names: readonly string[] = PROBLEMS[code].values;
    const values = Object.fromEntries(names.map(name => [name, `<${name}>`]));
    const { advice, title } = problemWords({ code, values }, strict);
    const text = `${title} ${advice}`;
    expect(title).toMatch(/[.]$/);
    names.forEach(name => expect(text).toContain(`<${name}>`));
    expect(text).not.toMatch(/%\d|\?|undefined/);
    // What is over is over.
    expect(advice === '').toBe(code === 'job-over');
  });

  it('keeps the values as they are, whatever they look like', () => {
    const cluster = '%1 $& %2';
    expect(problemWords({ code: 'cluster-unreachable', values: { cluster } }, strict).title).toBe(
      '%1 $& %2 cannot be reached.'
    );
  });

  it('says the one field that is wrong', () => {
    const fields = [{ field: 'time', code: 'time-format', values: { given: '90' } } as const];
    expect(problemWords({ code: 'invalid-fields', values: {}, fields }, strict)).toEqual({
      title: 'Time: "90" has no unit: write 90m, 2h or 48:00:00',
      advice: '',
      details: ''
    });
  });

  it('lists several, by the names that the reader knows', () => {
    const fields = [
      { field: 'cores', code: 'minimum', values: { minimum: 1 } } as const,
      { field: 'files.1', code: 'pattern-outside', values: {} } as const
    ];
    const words = problemWords(
      { code: 'invalid-fields', values: {}, fields },
      strict,
      field => `--${field}`
    );
    expect(words.title).toBe('2 fields are not right.');
    expect(words.advice.split('\n')).toEqual([
      '--cores: must be at least 1',
      expect.stringMatching(/^--files\.1: leads out/)
    ]);
  });

  it('names what is wrong in the settings, in the words of the settings', () => {
    const fields = [
      { field: 'clusters.0.name', code: 'reserved', values: { given: 'local' } } as const,
      { field: 'defaults.time', code: 'time-format', values: { given: '90' } } as const
    ];
    const words = problemWords(
      { code: 'settings-invalid', values: {}, fields },
      strict,
      field => `--${field}`
    );
    expect(words.title).toBe('The settings of Submit to cluster are not right.');
    expect(words.advice.split('\n').slice(1)).toEqual([
      'Cluster 1, Name: "local" is a reserved name: choose another',
      'Default of Time: "90" has no unit: write 90m, 2h or 48:00:00'
    ]);
  });

  it('gives everything that a help desk asks for', () => {
    const details = {
      command: 'sbatch script.sh',
      where: 'login1',
      exitCode: 1,
      signal: null,
      output: 'sbatch: error: no\n'
    };
    expect(problemWords({ code: 'internal', values: {}, details }, strict).details).toBe(
      'Command: sbatch script.sh\nOn: login1\nExit code: 1\nsbatch: error: no'
    );
    expect(
      problemWords(
        { code: 'internal', values: {}, details: { exitCode: null, signal: 'TERM' } },
        strict
      ).details
    ).toBe('Signal: TERM');
  });
});
