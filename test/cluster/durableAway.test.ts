import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BatchSystem, addToBashrc, startSlurm } from './batchSystem';
import { skippedFor, whyNoCluster } from './testCluster';
import { Unheard } from './unheard';

const reason = whyNoCluster();

describe.skipIf(reason !== null)(
  `Slurm behind SSH, while nobody hears of it${skippedFor(reason)}`,
  () => {
    let system: BatchSystem;
    let unheard: Unheard;

    beforeAll(() => {
      const slurm = startSlurm(__filename);
      system = slurm;
      unheard = new Unheard(system);
      // Each of squeue's two questions to a controller that is stopped takes so many seconds, and 10 by default.
      const conf = `${readFileSync(slurm.slurmConf, 'utf8')}\nMessageTimeout=4\n`;
      writeFileSync(path.join(slurm.home, 'slurm.conf'), conf);
      addToBashrc(slurm, 'export SLURM_CONF=$HOME/slurm.conf');
    });

    afterAll(() => system.stop());

    test.concurrent(
      'a job whose cluster cannot be reached is shown as it was last seen, goes on, and comes home afterwards',
      () => unheard.unreachable(),
      120_000
    );

    test.concurrent(
      'a link that swallows everything is noticed, as soon as the configuration says, and made anew',
      () => unheard.swallowed(),
      120_000
    );

    test.concurrent.each(['the link is cut', 'the sidecar is killed'] as const)(
      'a submission that goes on when %s is found, and not made again',
      what => unheard.interrupted(what),
      120_000
    );

    test.concurrent(
      'a submission that Slurm has taken, and whose answer timed out, is found by its name, and not made again',
      () => unheard.unanswered(),
      120_000
    );

    test.concurrent(
      'a machine that wakes makes one connection, and tells what became of the job',
      () => unheard.asleep(),
      120_000
    );

    test(
      'a job runs on, and comes home, while slurmctld is stopped',
      () => unheard.masterAway(),
      240_000
    );

    test('and Slurm itself has counted one job for each of these', () => {
      expect(system.taken()).toBe(unheard.jobs);
    });
  }
);
