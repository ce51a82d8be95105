import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import { notebook, outputsOf } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { clusterBench } from './clusterBench';
import { skippedFor, whyNoCluster } from './testCluster';

const reason = whyNoCluster();
const made = clusterBench(__filename, reason);

const CONNECT = 'import ipyparallel as ipp\nrc = ipp.Client()';

async function submit(id: string, ...cells: string[]): Promise<void> {
  const source = sourceFolder({ 'nodes.ipynb': notebook(CONNECT, ...cells) });
  const asked = { cluster: 'hpc', cores: 4, nodes: 2, enginesPerNode: 2, time: '3m' };
  await made().client.submit(id, { notebook: source.notebook, ...asked });
}

const enginesLog = ({ directory }: JobRecord): string =>
  readFileSync(`${directory}/logs/engines.log`, 'utf8');

test.skipIf(reason !== null)(
  `one Python a node forks its engines, which find what tasks of their own would${skippedFor(reason)}`,
  async () => {
    await submit(
      'n0deengs',
      '%%px\nimport os\nnames = ["SLURMD_NODENAME", "SLURM_PROCID", "SLURM_LOCALID", "SLURM_NTASKS", "SLURM_CPUS_PER_TASK", "SLURM_TASKS_PER_NODE"]\nfound = [os.environ[name] for name in names]\nparent = (found[0], os.getppid())',
      'for found in rc[:]["found"]:\n    print(*found)\nprint(len(set(rc[:]["parent"])))',
      '!srun --nodes=1 --ntasks=1 echo not in the way'
    );
    const job = await made().bench.end('n0deengs', 150);
    expect(job).toMatchObject({ state: 'succeeded', cause: null });
    const outputs = outputsOf(job.result.notebook ?? '');
    expect(outputs[2]).toBe(
      'n1 0 0 4 1 2(x2)\nn1 1 1 4 1 2(x2)\nn2 2 0 4 1 2(x2)\nn2 3 1 4 1 2(x2)\n2\n'
    );
    expect(outputs[3]).toContain('not in the way');
  },
  180_000
);

test.skipIf(reason !== null)(
  `an engine that is killed on another node is told at once, with its node and its signal${skippedFor(reason)}`,
  async () => {
    await submit('n0dekill', 'import time\ntime.sleep(170)');
    const { bench } = made();
    const running = await bench.until('n0dekill', ({ progress }) => progress?.cell?.index === 2);
    const pid = Number(/engine 3 is process (\d+)/.exec(enginesLog(running))?.[1]);
    process.kill(pid, 'SIGKILL');
    // Sooner than by heartbeats, which would leave the cell its time.
    const job = await bench.end('n0dekill', 25);
    expect(job).toMatchObject({
      state: 'failed',
      cause: { code: 'engines-lost', engines: [3], cell: 2 }
    });
    expect(job.cause).toMatchObject({
      log: expect.stringContaining('engine-3 on n2 was killed by signal 9')
    });
  },
  180_000
);

test.skipIf(reason !== null)(
  `a process of a node that is killed takes its engines along, and is told${skippedFor(reason)}`,
  async () => {
    await submit('n0dedies', '%%px\nimport time\ntime.sleep(170)');
    const { bench } = made();
    const running = await bench.until('n0dedies', ({ progress }) => progress?.cell?.index === 2);
    const engine = /engine 2 is process (\d+)/.exec(enginesLog(running))?.[1] ?? '';
    const parent = readFileSync(`/proc/${engine}/stat`, 'utf8').split(') ')[1]?.split(' ')[1];
    process.kill(Number(parent), 'SIGKILL');
    const job = await bench.end('n0dedies', 25);
    expect(job).toMatchObject({ cause: { code: 'engines-lost', engines: [2, 3], cell: 2 } });
  },
  180_000
);
