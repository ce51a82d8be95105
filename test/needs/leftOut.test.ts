import { expect, it } from 'vitest';

import { isLeftOut } from '../../src/needs/leftOut';

it.each(['.git', '.git/config', 'a/__pycache__/b.pyc', 'a/.ipynb_checkpoints'])('%j', path => {
  expect(isLeftOut(path)).toBe(true);
});

it.each(['', 'a', '.gitignore', 'x.git/a', '.github/a', 'pycache', '__pycache__.txt', '.GIT'])(
  'not %j',
  path => {
    expect(isLeftOut(path)).toBe(false);
  }
);
