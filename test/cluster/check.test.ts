import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type ClusterCheck, checkProblems } from '../../src/api/clusterCheck';
import { PYTHON } from '../jobs/bundle';
import { clientAt } from '../jobs/sharedSidecar';
import { makeTemp } from '../makeTemp';
import { clusterBench } from './clusterBench';
import { skippedFor, whyNoSlurm } from './testCluster';

const reason = whyNoSlurm();
const skipped = skippedFor(reason);

const made = clusterBench(__filename, reason);

function check(SLURM_CONF: string, settings: object = {}): Promise<ClusterCheck> {
  const cluster = { name: 'hpc', scheduler: 'slurm', python: PYTHON, ...settings };
  const { bench } = made();
  const environment = { ...bench.environment, SLURM_CONF };
  return clientAt(bench.socket, environment, { clusters: [cluster] }).checkCluster({
    cluster: 'hpc'
  });
}

test.skipIf(reason !== null)(
  `a real Slurm is in order, with the limits of its partitions${skipped}`,
  async () => {
    const found = await check(made().cluster.slurmConf);
    expect(checkProblems(found)).toEqual([]);
    expect(found.parts.find(({ what }) => what === 'scheduler')?.values['version']).toMatch(
      /^\d+\.\d+/
    );
    expect(
      found.queues.map(({ isUsable, limitSeconds, name }) => [name, limitSeconds, isUsable])
    ).toEqual([
      ['main', 86_400, true],
      ['short', 60, true],
      ['down', null, false],
      ['others', null, false]
    ]);
    expect(found.queues.filter(({ isDefault }) => isDefault)).toMatchObject([{ name: 'main' }]);
  },
  60_000
);

test.skipIf(reason !== null)(
  `a partition that is down is told before a job waits there${skipped}`,
  async () => {
    const found = await check(made().cluster.slurmConf, { defaults: { queue: 'down' } });
    expect(checkProblems(found)).toMatchObject([
      { code: 'queue-unusable', values: { queue: 'down', queues: 'main, short' } }
    ]);
  },
  60_000
);

test.skipIf(reason !== null)(
  `a controller that does not answer is told in its own words, and the rest all the same${skipped}`,
  async () => {
    const other = path.join(makeTemp(), 'slurm.conf');
    const nobody = readFileSync(made().cluster.slurmConf, 'utf8').replace(
      /SlurmctldPort=\d+/,
      'SlurmctldPort=9'
    );
    writeFileSync(other, nobody);
    const found = await check(other);
    expect(checkProblems(found)).toMatchObject([{ code: 'scheduler-silent' }]);
    expect(JSON.stringify(checkProblems(found))).toContain('Unable to contact slurm controller');
    expect(found.parts.at(-1)).toMatchObject({ what: 'packages', problem: null });
  },
  90_000
);
