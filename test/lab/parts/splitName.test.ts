import { expect, test } from 'vitest';
import { splitName } from '../../../src/lab/parts/splitName';

/** One character, of seven code points. */
const FAMILY = '👩‍👩‍👧‍👦';

test.each([
  ['pi', 'pi', ''],
  ['twelve-chars', 'twelve-chars', ''],
  ['thirteen-char', 'thirtee', 'n-char'],
  ['simulation_of_everything_run12', 'simulation_of_everything', '_run12'],
  ['calibration-of-june-2.ipynb', 'calibration-of-', 'june-2.ipynb'],
  ['analysis.ipynb', 'analysis.ipynb', ''],
  [`family of ${FAMILY.repeat(6)}`, 'family of ', FAMILY.repeat(6)]
])('"%s" keeps its end', (name, head, tail) => {
  expect(splitName(name)).toEqual([head, tail]);
});
