import { describe, expect, it } from 'vitest';
import { fieldProblems, says } from '../../src/api/field';

describe('fieldProblems', () => {
  it('reads back what a validator was told to say', () => {
    const issues = [
      { message: says('maximum', { maximum: 8 }), path: [{ key: 'cores' }] },
      { message: says('pattern-empty'), path: [{ key: 'files' }, { key: 1 }] }
    ];
    expect(fieldProblems(issues)).toEqual([
      { field: 'cores', code: 'maximum', values: { maximum: 8 } },
      { field: 'files.1', code: 'pattern-empty', values: {} }
    ]);
  });

  it('keeps the first problem of each field', () => {
    const path = [{ key: 'cores' }];
    const issues = [says('minimum', { minimum: 1 }), says('maximum')].map(message => ({
      message,
      path
    }));
    expect(fieldProblems(issues).map(({ code }) => code)).toEqual(['minimum']);
  });

  it.each(['Invalid type: Expected string', '{', '{"code":"made-up","values":{}}', 'null'])(
    'takes a message that is not ours (%j) for a wrong text',
    message => {
      expect(fieldProblems([{ message, path: [{ key: 'name' }] }])).toEqual([
        { field: 'name', code: 'text', values: {} }
      ]);
    }
  );

  it('names no field when the whole form is wrong', () => {
    expect(fieldProblems([{ message: says('required') }])).toEqual([
      { field: '', code: 'required', values: {} }
    ]);
  });
});
