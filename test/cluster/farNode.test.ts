import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../../src/api/client';
import { PYTHON } from '../jobs/bundle';
import { Bench } from '../jobs/harness';
import { notebook, outputsOf } from '../jobs/notebook';
import { clientAt } from '../jobs/sharedSidecar';
import { sourceFolder } from '../jobs/sourceFolder';
import { beside, startCluster, stopCluster, whyNoCluster } from './testCluster';

const reason = whyNoCluster();

let bench: Bench;
let client: Client;

beforeAll(async () => {
  if (reason !== null) {
    return;
  }
  beside(76);
  const { slurmConf: SLURM_CONF } = startCluster('--far-node');
  bench = await Bench.start({ variables: { SLURM_CONF } });
  client = clientAt(bench.socket, bench.environment, {
    clusters: [{ name: 'hpc', scheduler: 'slurm', python: PYTHON, defaults: { time: '5m' } }]
  });
}, 60_000);

afterAll(async () => {
  if (reason === null) {
    await bench.stop();
    stopCluster();
  }
}, 60_000);

test.skipIf(reason !== null)(
  `engines reach the controller from a machine with another network${reason === null ? '' : ` (skipped: ${reason})`}`,
  async () => {
    const source = sourceFolder({
      'far.ipynb': notebook(
        'import ipyparallel as ipp\nrc = ipp.Client()',
        '%%px\nimport os, socket\nseen = (os.environ["SLURMD_NODENAME"], socket.gethostname(), os.readlink("/proc/self/ns/net"))',
        'seen = rc[:]["seen"]\nfar = [where for where in seen if where[0] == "n4"]\nnear = [where for where in seen if where[0] == "n1"]\nprint(len(far) > 0, len(near) > 0, {name for _, name, _ in far}, {net for *_, net in far} & {net for *_, net in near})'
      )
    });
    const form = { notebook: source.notebook, cluster: 'hpc', cores: 8, nodes: 4 };
    const { id } = await client.submit('f4rnodes', form);
    const job = await bench.end(id, 120);
    expect(job).toMatchObject({ state: 'succeeded', cause: null });
    expect(outputsOf(job.result.notebook ?? '')[2]).toBe("True True {'submit-far'} set()\n");
  },
  150_000
);
