import { expect, test } from 'vitest';
import { notebook, outputsOf } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { clusterBench } from './clusterBench';
import { skippedFor, whyNoCluster } from './testCluster';

const reason = whyNoCluster();

const made = clusterBench(__filename, reason, { start: ['--far-node'] });

test.skipIf(reason !== null)(
  `engines reach the controller from a machine with another network${skippedFor(reason)}`,
  async () => {
    const source = sourceFolder({
      'far.ipynb': notebook(
        'import ipyparallel as ipp\nrc = ipp.Client()',
        '%%px\nimport os, socket\nseen = (os.environ["SLURMD_NODENAME"], socket.gethostname(), os.readlink("/proc/self/ns/net"))',
        'seen = rc[:]["seen"]\nfar = [where for where in seen if where[0] == "n4"]\nnear = [where for where in seen if where[0] == "n1"]\nprint(len(far) > 0, len(near) > 0, {name for _, name, _ in far}, {net for *_, net in far} & {net for *_, net in near})'
      )
    });
    const { bench, client } = made();
    const form = { notebook: source.notebook, cluster: 'hpc', cores: 8, nodes: 4 };
    const { id } = await client.submit('f4rnodes', form);
    const job = await bench.end(id, 120);
    expect(job).toMatchObject({ state: 'succeeded', cause: null });
    expect(outputsOf(job.result.notebook ?? '')[2]).toBe("True True {'submit-far'} set()\n");
  },
  150_000
);
