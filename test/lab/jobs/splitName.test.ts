import { expect, test } from 'vitest';
import { splitName } from '../../../src/lab/jobs/splitName';

test.each([
  ['pi', 'pi', ''],
  ['twelve-chars', 'twelve-chars', ''],
  ['thirteen-char', 'thirtee', 'n-char'],
  ['simulation_of_everything_run12', 'simulation_of_everything', '_run12'],
  ['family of 👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 'family of ', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦']
])('"%s" keeps its end', (name, head, tail) => {
  expect(splitName(name)).toEqual([head, tail]);
});
