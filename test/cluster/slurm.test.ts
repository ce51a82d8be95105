import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../../src/api/client';
import { isTerminal } from '../../src/api/job';
import { PYTHON } from '../jobs/bundle';
import { Bench } from '../jobs/harness';
import { notebook, outputsOf } from '../jobs/notebook';
import { clientAt } from '../jobs/sharedSidecar';
import { sourceFolder } from '../jobs/sourceFolder';
import { beside, startCluster, stopCluster, whyNoSlurm } from './testCluster';

const reason = whyNoSlurm();
const skipped = reason === null ? '' : ` (skipped: ${reason})`;

let bench: Bench;
let client: Client;

beforeAll(async () => {
  if (reason !== null) {
    return;
  }
  beside(73);
  const { slurmConf: SLURM_CONF } = startCluster();
  bench = await Bench.start({ variables: { SLURM_CONF } });
  client = clientAt(bench.socket, bench.environment, {
    clusters: [
      {
        name: 'hpc',
        scheduler: 'slurm',
        python: PYTHON,
        defaults: { time: '5m' }
      }
    ]
  });
}, 60_000);

afterAll(async () => {
  if (reason === null) {
    await bench.stop();
    stopCluster();
  }
}, 60_000);

test.skipIf(reason !== null)(
  `sixteen engines run on four nodes of a real Slurm${skipped}`,
  async () => {
    const source = sourceFolder({
      'ranks.ipynb': notebook(
        'import ipyparallel as ipp\nrc = ipp.Client()',
        '%%px\nimport os\nseen = (os.environ["SLURMD_NODENAME"], int(os.environ["SLURM_PROCID"]))',
        'seen = rc[:]["seen"]\nprint(rc.ids == [rank for _, rank in seen], sorted({node for node, _ in seen}), len(seen))',
        'import pickle\npickle.dump(seen, open("seen.pickle", "wb"))',
        '!srun --overlap -N 2 -n 2 echo a step of the notebook'
      )
    });
    const form = { notebook: source.notebook, cluster: 'hpc', cores: 16, nodes: 4 };
    const { id } = await client.submit('sl0rmjob', form);
    const job = await bench.end(id, 120);
    expect(job).toMatchObject({ state: 'succeeded', cause: null, result: { place: 'here' } });
    const outputs = outputsOf(job.result.notebook ?? '');
    expect(outputs[2]).toBe("True ['n1', 'n2', 'n3', 'n4'] 16\n");
    expect(outputs[4]?.match(/a step of the notebook/g)).toHaveLength(2);
    expect(readFileSync(path.join(job.result.folder ?? '', 'seen.pickle')).length).toBeGreaterThan(
      0
    );
    source.expectUntouched([id]);
  },
  150_000
);

test.skipIf(reason !== null)(
  `a job that runs in Slurm is cancelled with what it had${skipped}`,
  async () => {
    const source = sourceFolder({
      'long.ipynb': notebook('print("before")', 'import time\ntime.sleep(200)')
    });
    const form = { notebook: source.notebook, cluster: 'hpc', cores: 1 };
    const { id } = await client.submit('c4ncelme', form);
    await bench.until(id, ({ progress }) => progress?.cell?.index === 2);
    await client.cancel(id);
    const job = await bench.end(id, 100);
    expect(job).toMatchObject({ state: 'cancelled', cause: { code: 'cancelled', by: 'you' } });
    expect(outputsOf(job.result.notebook ?? '')[0]).toBe('before\n');
  },
  150_000
);

test.skipIf(reason !== null)(
  `what Slurm refuses is said in its own words${skipped}`,
  async () => {
    const source = sourceFolder({ 'any.ipynb': notebook('1') });
    const form = { notebook: source.notebook, cluster: 'hpc', cores: 1, queue: 'nowhere' };
    const { id } = await client.submit('r3fusedd', form);
    const job = await bench.until(id, ({ state }) => isTerminal(state));
    expect(job).toMatchObject({ state: 'failed', cause: { code: 'refused' } });
    expect(JSON.stringify(job.cause)).toContain('invalid partition specified: nowhere');
  },
  60_000
);
