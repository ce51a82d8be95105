import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Site, dieAtEveryEffect } from '../jobs/durability';
import { type BatchSystem, siteOf, startSlurm } from './batchSystem';
import { skippedFor, whyNoCluster } from './testCluster';

const reason = whyNoCluster();

// What lies between two effects leaves no trace outside of the process, so that to die after one is to die before the
// next: `after` would tell nothing new here. `during` is, for an effect that is over at once, after it.
describe.skipIf(reason !== null)(
  `Slurm behind SSH, and a sidecar that dies${skippedFor(reason)}`,
  () => {
    let system: BatchSystem;
    let site: Site;

    beforeAll(() => {
      system = startSlurm(__filename);
      site = siteOf(system);
    });

    afterAll(() => system.stop());

    test.each([
      ['before', 'submit', 0],
      // In mid upload, and about when sbatch runs.
      ['during', 'submit', 20],
      ['during', 'submit', 120],
      ['before', 'collect', 0],
      ['during', 'collect', 20]
    ] as const)(
      '%s any effect of %s leaves one job, that runs once and comes home once (%i ms)',
      async (when, scope, duringMs) => {
        const effects = await dieAtEveryEffect(scope, when, { site, atOnce: 7, duringMs });
        expect(effects).toBeGreaterThanOrEqual(5);
      },
      240_000
    );
  }
);
