import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import type { JobForm } from '../../src/api/jobSpec';
import { notebook, outputsOf } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { clusterBench } from './clusterBench';
import { skippedFor, startCluster, whyNoCluster } from './testCluster';

const reason = whyNoCluster();
const made = clusterBench(__filename, reason);

const CONNECT = 'import ipyparallel as ipp\nrc = ipp.Client()';

/** On two engines of each of two nodes, unless `form` says otherwise. */
async function submitAs(id: string, form: Partial<JobForm>, ...cells: string[]): Promise<void> {
  const source = sourceFolder({ 'nodes.ipynb': notebook(CONNECT, ...cells) });
  const asked = { cluster: 'hpc', cores: 4, nodes: 2, enginesPerNode: 2, time: '3m' };
  await made().client.submit(id, { notebook: source.notebook, ...asked, ...form });
}

async function submit(id: string, ...cells: string[]): Promise<void> {
  await submitAs(id, {}, ...cells);
}

const inSecondCell = (id: string): Promise<JobRecord> =>
  made().bench.until(id, ({ progress }) => progress?.cell?.index === 2);

/** All of a node: its daemon, and what that has started. */
function processesOn(node: string): number[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .filter(entry => {
      try {
        const has = readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0');
        const isOurs = has.includes(`SLURM_CONF=${made().cluster.slurmConf}`);
        return (
          isOurs &&
          has.some(one => one === `SLURMD_NODENAME=${node}` || one.endsWith(`slurmd-${node}`))
        );
      } catch {
        return false;
      }
    })
    .map(Number);
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
    const running = await inSecondCell('n0dekill');
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
    const running = await inSecondCell('n0dedies');
    const engine = /engine 2 is process (\d+)/.exec(enginesLog(running))?.[1] ?? '';
    const parent = readFileSync(`/proc/${engine}/stat`, 'utf8').split(') ')[1]?.split(' ')[1];
    process.kill(Number(parent), 'SIGKILL');
    const job = await bench.end('n0dedies', 25);
    expect(job).toMatchObject({ cause: { code: 'engines-lost', engines: [2, 3], cell: 2 } });
  },
  180_000
);

test.skipIf(reason !== null)(
  `the job goes on without the engines of a node that have died, where it may${skippedFor(reason)}`,
  async () => {
    await submitAs(
      'n0degoes',
      { allowLostEngines: true },
      '%%px\nimport time\ntime.sleep(8)',
      'print(rc.ids, rc[:].apply_sync(lambda: 1))'
    );
    const { bench } = made();
    const running = await inSecondCell('n0degoes');
    const pid = Number(/engine 3 is process (\d+)/.exec(enginesLog(running))?.[1]);
    process.kill(pid, 'SIGKILL');
    const job = await bench.end('n0degoes', 60);
    expect(job).toMatchObject({ state: 'succeeded', cause: null });
    const end = { node: 'n2', signal: 9, status: null };
    expect(job.notes).toEqual([{ code: 'engines-lost', engines: '3', lost: 1, left: 3, ...end }]);
    const outputs = outputsOf(job.result.notebook ?? '');
    expect(outputs[1]).toContain('Engine 3 died');
    expect(outputs[2]).toBe('[0, 1, 2] [1, 1, 1]\n');
  },
  180_000
);

test.skipIf(reason !== null)(
  `a step that is killed takes its engines along, and is told${skippedFor(reason)}`,
  async () => {
    await submit('n0destep', 'import time\ntime.sleep(170)');
    const { schedulerId } = await inSecondCell('n0destep');
    const env = { ...process.env, SLURM_CONF: made().cluster.slurmConf };
    execFileSync('scancel', ['--signal=KILL', `${schedulerId}.0`], { env });
    const job = await made().bench.end('n0destep', 25);
    expect(job).toMatchObject({
      state: 'failed',
      cause: { code: 'engines-lost', engines: [0, 1, 2, 3], cell: 2 }
    });
  },
  180_000
);

test.skipIf(reason !== null)(
  `64 engines on four nodes are there, each with its id, node and share${skippedFor(reason)}`,
  async () => {
    const variables = ['SLURMD_NODENAME', 'SLURM_LOCALID', 'SLURM_PROCID', 'OMP_NUM_THREADS'];
    await submitAs(
      'n0demany',
      { cores: 64, nodes: 4, enginesPerNode: 16, time: '5m' },
      `%%px\nimport os\nmine = [os.environ[name] for name in ${JSON.stringify(variables)}]\nprint(*mine)`,
      'print(rc.ids == list(range(64)), *rc[:]["mine"], sep="\\n")',
      'import os\nprint(sum(rc[:].map_sync(lambda x: x, range(6400))), len(set(rc[:].apply_sync(os.getpid))))'
    );
    const job = await made().bench.end('n0demany', 240);
    expect(job).toMatchObject({ state: 'succeeded', cause: null });
    expect(job.progress?.engines).toEqual({ ready: 64, wanted: 64 });
    const outputs = outputsOf(job.result.notebook ?? '');
    expect(outputs[1]?.match(/\[stdout:\d+\]/g)).toHaveLength(64);
    const engines = Array.from({ length: 64 }, (_, id) =>
      JSON.stringify([`n${Math.floor(id / 16) + 1}`, String(id % 16), String(id), '1'])
    );
    const said = outputs[2]
      ?.trim()
      .split('\n')
      .map(line => line.replaceAll("'", '"'));
    expect(said?.map(line => line.replaceAll(', ', ','))).toEqual(['True', ...engines]);
    expect(outputs[3]).toBe('20476800 64\n');
  },
  300_000
);

test.skipIf(reason !== null)(
  `a node that is gone with its daemon ends the job, as the scheduler says${skippedFor(reason)}`,
  async () => {
    // The script is on the first node.
    await submit('n0degone', 'import time\ntime.sleep(170)');
    await inSecondCell('n0degone');
    const gone = processesOn('n2');
    // Nothing may see the other die.
    gone.forEach(pid => process.kill(pid, 'SIGSTOP'));
    gone.forEach(pid => process.kill(pid, 'SIGKILL'));
    const job = await made().bench.end('n0degone', 60);
    startCluster();
    expect(job).toMatchObject({ state: 'failed', cause: { code: 'node-failure' } });
  },
  180_000
);
