import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Site, dieAtEveryEffect } from '../jobs/durability';
import { type BatchSystem, siteOf } from './batchSystem';
import { cutEachSubmission } from './cutSubmission';
import { startPbsPro, whyNoStandIn } from './standIn';
import { skippedFor } from './testCluster';

const reason = whyNoStandIn();

describe.skipIf(reason !== null)(
  `what stands for PBS Pro behind SSH, a sidecar that dies and a link that breaks${skippedFor(reason)}`,
  () => {
    let system: BatchSystem;
    let site: Site;

    beforeAll(() => {
      system = startPbsPro(__filename);
      site = siteOf(system);
    });

    afterAll(() => system.stop());

    test.each([
      // About when qsub runs.
      ['during', 'submit', 120],
      ['before', 'collect', 0]
    ] as const)(
      '%s any effect of %s leaves one job, that runs once and comes home once (%i ms)',
      async (when, scope, duringMs) => {
        const effects = await dieAtEveryEffect(scope, when, { site, atOnce: 7, duringMs });
        expect(effects).toBeGreaterThanOrEqual(5);
      },
      240_000
    );

    test('a link that is cut after any burst of a submission leaves one job, that runs once and comes home once', async () => {
      expect(await cutEachSubmission(system, site, 'after')).toBeGreaterThanOrEqual(5);
    }, 240_000);
  }
);
