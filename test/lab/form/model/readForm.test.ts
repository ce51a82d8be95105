import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/api/problem';
import { formWorld } from '../formWorld';

describe('wrong fields', () => {
  it.each([
    ['cores', 'two', [{ field: 'cores', code: 'whole-number', values: {} }]],
    ['cores', '0', [{ field: 'cores', code: 'minimum', values: { minimum: 1 } }]],
    ['cores', '', []],
    ['time', '90', [{ field: 'time', code: 'time-format', values: { given: '90' } }]],
    [
      'coresPerEngine',
      '3',
      [{ field: 'cores', code: 'not-divisible', values: { cores: 2, coresPerEngine: 3 } }]
    ],
    ['python', 'python3', [{ field: 'python', code: 'absolute-path', values: {} }]],
    ['queue', 'no such thing here!', []]
  ] as const)('%s %j at once', async (field, value, wrong) => {
    const { client, form, jobs } = formWorld();
    form.set(field, value);
    expect(form.fields).toEqual(wrong);
    await form.submit();
    expect(jobs.submitted).toHaveLength(wrong.length === 0 ? 1 : 0);
    await form.ask();
    expect(client.asked).toHaveLength(wrong.length === 0 ? 1 : 0);
  });

  it('those that the service finds, until the field is changed', async () => {
    const { client, form } = formWorld();
    const fields = [
      { field: 'files.0', code: 'pattern-outside', values: {} } as const,
      { field: 'time', code: 'maximum', values: { maximum: '24h' } } as const
    ];
    client.answer = () => Promise.reject(problem('invalid-fields', {}, { fields }));
    await form.ask();
    expect(form).toMatchObject({ fields, check: null, problem: null, isChecking: false });
    form.set('files', ['*.csv']);
    expect(form.fields).toEqual(fields.slice(1));
  });
});
