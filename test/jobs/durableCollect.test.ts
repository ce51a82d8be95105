import { expect, test } from 'vitest';
import { dieAtEveryEffect } from './durability';

test.each(['before', 'during', 'after'] as const)(
  'a sidecar that dies %s any effect of a collection runs the job once and brings it home once',
  async when => {
    expect(await dieAtEveryEffect('collect', when)).toBeGreaterThanOrEqual(5);
  },
  240_000
);
