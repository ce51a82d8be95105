import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../../src/api/client';
import { isTerminal } from '../../src/api/job';
import type { JobForm } from '../../src/api/jobSpec';
import type { Refusal } from '../../src/api/refusals';
import { Bench } from '../jobs/harness';
import { notebook } from '../jobs/notebook';
import { clientAt } from '../jobs/sharedSidecar';
import { sourceFolder } from '../jobs/sourceFolder';
import { type TestCluster, beside, startCluster, stopCluster, whyNoCluster } from './testCluster';

const reason = whyNoCluster() ?? whyNoAccounting();
const skipped = reason === null ? '' : ` (skipped: ${reason})`;

let bench: Bench;
let client: Client;
let cluster: TestCluster;

beforeAll(async () => {
  if (reason === null) {
    beside(78);
    cluster = startCluster('--accounting');
    bench = await Bench.start({ variables: { JUPYTERLAB_SUBMIT_SSH_CONFIG: cluster.sshConfig } });
    client = clientAt(bench.socket, bench.environment);
  }
}, 90_000);

afterAll(async () => {
  if (reason === null) {
    await bench.stop();
    stopCluster();
  }
}, 60_000);

function whyNoAccounting(): string | null {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  try {
    execFileSync('bash', ['-c', 'type slurmdbd mariadbd sacctmgr'], { env, stdio: 'pipe' });
    return null;
  } catch {
    return 'apt install slurmdbd mariadb-server-core';
  }
}

async function submit(id: string, form: Partial<JobForm>): Promise<void> {
  const source = sourceFolder({ 'long.ipynb': notebook('import time\ntime.sleep(200)') });
  const whole = { notebook: source.notebook, cluster: 'slurm', cores: 1, time: '5m', ...form };
  await client.submit(id, { ...whole, python: cluster.python });
}

const REFUSED: [string, Partial<JobForm>, Refusal][] = [
  ['raccount', { account: 'chemistry' }, 'account'],
  ['rqosxxxx', { qos: 'forbidden' }, 'qos']
];

test
  .skipIf(reason !== null)
  .each(REFUSED.map(([id, ...rest]) => [`r${id.slice(1)}`, ...rest] as const))(
  `with accounting, %s is refused for %j: %s${skipped}`,
  async (id, form, why) => {
    await submit(id, form);
    const job = await bench.until(id, ({ state }) => isTerminal(state));
    expect(job).toMatchObject({ state: 'failed', cause: { code: 'refused', reason: why } });
  },
  60_000
);

test.skipIf(reason !== null).each(REFUSED)(
  `with accounting, %s is refused for %j: %s${skipped}`,
  async (id, form, why) => {
    await submit(id, form);
    const job = await bench.until(id, ({ state }) => isTerminal(state));
    expect(job).toMatchObject({ state: 'failed', cause: { code: 'refused', reason: why } });
  },
  60_000
);

test.skipIf(reason !== null)(
  `with accounting, it is told whose account cancelled a job from outside${skipped}`,
  async () => {
    await submit('c4ncelme', {});
    const { schedulerId } = await bench.until('c4ncelme', ({ state }) => state === 'running');
    const env = { ...process.env, SLURM_CONF: cluster.slurmConf };
    execFileSync('scancel', [schedulerId ?? ''], { env });
    const job = await bench.end('c4ncelme', 90);
    expect(job).toMatchObject({
      state: 'cancelled',
      // It was root.
      cause: { code: 'cancelled', by: 'administrator' }
    });
  },
  120_000
);
