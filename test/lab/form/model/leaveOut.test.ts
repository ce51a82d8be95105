import { expect, it } from 'vitest';
import type { TakenFile } from '../../../../src/api/routes';
import { selectFiles } from '../../../../src/needs/filePatterns';
import { leaveOut } from '../../../../src/lab/form/model/leaveOut';
import { formWorld } from '../formWorld';

const file = (path: string, why: TakenFile['why'] = 'literal'): TakenFile => ({
  path,
  why,
  bytes: 1
});

it.each(['data.csv', 'deep/er/data.csv', 'a[1]*?.csv', '#odd', '!odd', 'back\\slash', 'end '])(
  'leaves out %j and nothing else',
  path => {
    const { form } = formWorld();
    leaveOut(form, file(path));
    const { exclude } = form.values;
    const all = [path, `x/${path}`, 'a1x.csv', 'other.csv'];
    expect(selectFiles(all, ['*'], Array.isArray(exclude) ? exclude : [])).toEqual(all.slice(1));
  }
);

it('takes back the wish for a file that was asked for by name', () => {
  const { form } = formWorld();
  form.set('files', ['a.csv', 'b.csv']);
  leaveOut(form, file('a.csv', 'asked'));
  expect(form.values).toMatchObject({ files: ['b.csv'] });
  expect(form.values.exclude).toBeUndefined();
});
