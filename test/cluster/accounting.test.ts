import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isTerminal } from '../../src/api/job';
import type { JobForm } from '../../src/api/jobSpec';
import type { Refusal } from '../../src/api/refusals';
import { notebook } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { clusterBench } from './clusterBench';
import { skippedFor, whyNoAccounting } from './testCluster';

const reason = whyNoAccounting();
const skipped = skippedFor(reason);

const made = clusterBench(__filename, reason, { start: ['--accounting'], overSsh: true });

async function submit(id: string, form: Partial<JobForm>): Promise<void> {
  const source = sourceFolder({ 'long.ipynb': notebook('import time\ntime.sleep(200)') });
  const whole = { notebook: source.notebook, cluster: 'slurm', cores: 1, time: '5m', ...form };
  await made().client.submit(id, { ...whole, python: made().cluster.python });
}

const REFUSED: [string, Partial<JobForm>, Refusal][] = [
  ['raccount', { account: 'chemistry' }, 'account'],
  ['rqosxxxx', { qos: 'forbidden' }, 'qos'],
  ['rqueuegr', { queue: 'others' }, 'queue-not-allowed'],
  ['rqostime', { qos: 'refusing', time: '20m' }, 'time'],
  ['rqoscpus', { qos: 'refusing', cores: 5 }, 'limits']
];

test.skipIf(reason !== null).each(REFUSED)(
  `with accounting, %s is refused for %j: %s${skipped}`,
  async (id, form, why) => {
    await submit(id, form);
    const job = await made().bench.until(id, ({ state }) => isTerminal(state));
    expect(job).toMatchObject({ state: 'failed', cause: { code: 'refused', reason: why } });
  },
  60_000
);

test.skipIf(reason !== null)(
  `with accounting, a check tells the accounts and QoS of the person${skipped}`,
  async () => {
    const { client } = made();
    const found = await client.checkCluster({ cluster: 'slurm' });
    expect(found.parts.map(({ what }) => what)).toContain('accounts');
    expect(found.accounts).toEqual([
      {
        name: 'physics',
        notIn: [],
        qos: ['normal', 'refusing', 'waiting'],
        defaultQos: null
      }
    ]);
    expect(found.qos.map(({ name }) => name)).toEqual(['normal', 'refusing', 'waiting']);
    expect(found.queues.find(({ name }) => name === 'main')?.isUsable).toBe(true);
  },
  60_000
);

test.skipIf(reason !== null)(
  `with accounting, it is told whose account cancelled a job from outside${skipped}`,
  async () => {
    await submit('c4ncelme', {});
    const { schedulerId } = await made().bench.until(
      'c4ncelme',
      ({ state }) => state === 'running'
    );
    const env = { ...process.env, SLURM_CONF: made().cluster.slurmConf };
    execFileSync('scancel', [schedulerId ?? ''], { env });
    const job = await made().bench.end('c4ncelme', 90);
    expect(job).toMatchObject({
      state: 'cancelled',
      // It was root.
      cause: { code: 'cancelled', by: 'administrator' }
    });
  },
  120_000
);
