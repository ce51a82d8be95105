import { expect, test } from 'vitest';
import { makeTemp } from '../makeTemp';
import { dieAtEveryEffect, quickly } from './durability';

test.each(['before', 'during', 'after'] as const)(
  'a sidecar that dies %s any effect of a submission runs the job once and brings it home once',
  async when => {
    const site = quickly(makeTemp());
    expect(await dieAtEveryEffect('submit', when, { site })).toBeGreaterThanOrEqual(5);
  },
  240_000
);
