import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Site, dieAtEveryEffect } from '../jobs/durability';
import { siteOf } from './batchSystem';
import { cutEachSubmission } from './cutSubmission';
import { type GridEngine, startGridEngine, whyNoGridEngine } from './gridEngine';
import { skippedFor } from './testCluster';
import { Unheard } from './unheard';

const reason = whyNoGridEngine();

// What is the same for every batch system, as what becomes of a result, is tried over Slurm (durable*.test.ts).
describe.skipIf(reason !== null)(
  `Grid Engine behind SSH, whatever happens meanwhile${skippedFor(reason)}`,
  () => {
    let system: GridEngine;
    let site: Site;
    let unheard: Unheard;

    beforeAll(() => {
      system = startGridEngine(__filename);
      site = siteOf(system);
      unheard = new Unheard(system);
    });

    afterAll(() => system.stop());

    test.each([
      ['before', 0],
      // About when qsub runs.
      ['during', 120]
    ] as const)(
      'a sidecar that dies %s any effect of a submission leaves one job, that runs once and comes home once (%i ms)',
      async (when, duringMs) => {
        const effects = await dieAtEveryEffect('submit', when, { site, atOnce: 7, duringMs });
        expect(effects).toBeGreaterThanOrEqual(5);
      },
      240_000
    );

    test('a link that is cut after any burst of a submission leaves one job, that runs once and comes home once', async () => {
      expect(await cutEachSubmission(system, site, 'after')).toBeGreaterThanOrEqual(5);
    }, 240_000);

    test.concurrent.each(['the link is cut', 'the sidecar is killed'] as const)(
      'a submission that goes on when %s is found, and not made again',
      what => unheard.interrupted(what),
      120_000
    );

    test.concurrent(
      'a job that was taken, and whose answer did not come, is found by its name, and not submitted again',
      () => unheard.unanswered(),
      120_000
    );

    test.concurrent(
      'a job that ends while the service is away comes home afterwards',
      () => unheard.serviceAway(),
      120_000
    );

    test('while qmaster is away, a job comes home, and another one is found that it had taken', async () => {
      const before = system.taken();
      await unheard.masterAway();
      expect(system.taken() - before).toBe(2);
    }, 400_000);
  }
);
