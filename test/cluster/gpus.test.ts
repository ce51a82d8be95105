import { expect, test } from 'vitest';
import { PYTHON } from '../jobs/bundle';
import { notebook, outputsOf } from '../jobs/notebook';
import { clientAt } from '../jobs/sharedSidecar';
import { sourceFolder } from '../jobs/sourceFolder';
import { clusterBench } from './clusterBench';
import { skippedFor, whyNoCluster } from './testCluster';

const reason = whyNoCluster();
const made = clusterBench(__filename, reason, { start: ['--gpus'] });

const SEEN =
  '%%px\nimport os\nseen = (os.environ["SLURMD_NODENAME"], os.environ.get("CUDA_VISIBLE_DEVICES"), os.environ.get("ROCR_VISIBLE_DEVICES"))';

/** What each engine of such a job sees, in their order: node, and GPUs for CUDA and for ROCm. */
async function seen(
  id: string,
  form: object,
  notes: object[] = [],
  settings: object = {}
): Promise<string> {
  const { bench } = made();
  const client = clientAt(bench.socket, bench.environment, {
    clusters: [{ name: 'hpc', scheduler: 'slurm', python: PYTHON, ...settings }]
  });
  const cells = ['import ipyparallel as ipp\nrc = ipp.Client()', SEEN, 'print(*rc[:]["seen"])'];
  const source = sourceFolder({ 'gpus.ipynb': notebook(...cells) });
  const asked = { cluster: 'hpc', time: '3m', ...form };
  await client.submit(id, { notebook: source.notebook, ...asked });
  const job = await bench.end(id, 150);
  expect(job).toMatchObject({ state: 'succeeded', cause: null, notes });
  return (outputsOf(job.result.notebook ?? '')[2] ?? '').trim();
}

test.skipIf(reason !== null)(
  `each engine sees a GPU of its node, of the type that was asked for${skippedFor(reason)}`,
  async () => {
    const form = { cores: 4, nodes: 2, enginesPerNode: 2, gpusPerNode: 2, gpuType: 'v100' };
    expect(await seen('gpusmine', form)).toBe(
      "('n3', '0', '0') ('n3', '1', '1') ('n4', '0', '0') ('n4', '1', '1')"
    );
  },
  180_000
);

test.skipIf(reason !== null)(
  `GPUs that are asked for by --gres are shared out alike${skippedFor(reason)}`,
  async () => {
    const form = { cores: 4, nodes: 2, enginesPerNode: 2, gpusPerNode: 2, gpuType: 'a100' };
    expect(await seen('gpusgres', form, [], { gpuOption: 'gres' })).toBe(
      "('n1', '0', '0') ('n1', '1', '1') ('n2', '0', '0') ('n2', '1', '1')"
    );
  },
  180_000
);

test.skipIf(reason !== null)(
  `engines that are more than the GPUs of their node share them in turns${skippedFor(reason)}`,
  async () => {
    const note = { code: 'gpus-shared', engines: 3, gpus: 2 };
    expect(await seen('gpusshar', { cores: 3, nodes: 1, gpusPerNode: 2 }, [note])).toBe(
      "('n1', '0', '0') ('n1', '1', '1') ('n1', '0', '0')"
    );
  },
  180_000
);

test.skipIf(reason !== null)(
  `one engine on a node sees all that it has there${skippedFor(reason)}`,
  async () => {
    expect(await seen('gpusall0', { cores: 1, gpusPerNode: 2 })).toBe("('n1', '0,1', '0,1')");
  },
  180_000
);

test.skipIf(reason !== null)(
  `what Slurm binds to each engine stands${skippedFor(reason)}`,
  async () => {
    const form = { cores: 2, nodes: 1, directives: ['--gpus-per-task=1'] };
    expect(await seen('gpustask', form)).toBe("('n1', '0', '0') ('n1', '1', '1')");
  },
  180_000
);

test.skipIf(reason !== null)(
  `engines of a job without GPUs see none${skippedFor(reason)}`,
  async () => {
    expect(await seen('gpusnone', { cores: 1 })).toBe("('n1', None, None)");
  },
  180_000
);
