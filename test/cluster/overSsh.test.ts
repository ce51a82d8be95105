import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bench } from '../jobs/harness';
import { notebook, outputsOf } from '../jobs/notebook';
import { clientAt } from '../jobs/sharedSidecar';
import { sourceFolder } from '../jobs/sourceFolder';
import type { Client } from '../../src/api/client';
import { type TestCluster, beside, startCluster, stopCluster, whyNoCluster } from './testCluster';

const reason = whyNoCluster();

describe.skipIf(reason !== null)(
  `Slurm behind SSH${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    let cluster: TestCluster;
    let bench: Bench;
    let client: Client;

    beforeAll(async () => {
      beside(72);
      cluster = startCluster();
      bench = await Bench.start({
        variables: { JUPYTERLAB_SUBMIT_SSH_CONFIG: cluster.sshConfig }
      });
      client = clientAt(bench.socket, bench.environment);
    }, 60_000);

    afterAll(async () => {
      await bench.stop();
      stopCluster();
    }, 60_000);

    test.each(['slurm', 'slurm-tcsh', 'slurm-printing', 'slurm-no-sftp', 'slurm-login-path'])(
      'a notebook runs on sixteen engines of four nodes behind %s, and comes back with its files',
      async host => {
        const source = sourceFolder({
          'ranks.ipynb': notebook(
            'import ipyparallel as ipp\nrc = ipp.Client()',
            '%%px\nimport os\nseen = (os.environ["SLURMD_NODENAME"], int(os.environ["SLURM_PROCID"]))',
            'seen = rc[:]["seen"]\nprint(rc.ids == [rank for _, rank in seen], sorted({node for node, _ in seen}), len(seen))',
            'import pickle\npickle.dump(seen, open("seen.pickle", "wb"))'
          )
        });
        const { id } = await client.submit(`s${host.replace(/[^a-z]/g, '')}0000000`.slice(0, 8), {
          notebook: source.notebook,
          cluster: host,
          cores: 16,
          nodes: 4,
          time: '5m',
          python: cluster.python
        });
        const job = await bench.end(id, 120);
        expect(job).toMatchObject({ state: 'succeeded', cause: null, result: { place: 'here' } });
        const outputs = outputsOf(job.result.notebook ?? '');
        expect(outputs[2]).toBe("True ['n1', 'n2', 'n3', 'n4'] 16\n");
        expect(
          readFileSync(path.join(job.result.folder ?? '', 'seen.pickle')).length
        ).toBeGreaterThan(0);
        source.expectUntouched([id]);
      },
      150_000
    );
  }
);
