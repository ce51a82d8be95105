import { expect, it } from 'vitest';
import { durationWords } from '../../src/words';
import { strict } from './strict';

it.each([
  [0, '0 s'],
  [41, '41 s'],
  [59.7, '1 min'],
  [60, '1 min'],
  [200, '3 min 20 s'],
  [599, '9 min 59 s'],
  [605, '10 min'],
  [3600, '1 h'],
  [5400, '1 h 30 min'],
  [86_400, '1 day'],
  [216_000, '2 days 12 h'],
  [-3, '0 s']
])('says %d seconds as %s', (seconds, words) => {
  expect(durationWords(seconds, strict)).toBe(words);
});
