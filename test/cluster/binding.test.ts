import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { notebook, outputsOf } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { clusterBench } from './clusterBench';
import { skippedFor, whyNoCluster } from './testCluster';

const reason = whyNoCluster();
const made = clusterBench(__filename, reason);

/** The CPUs of this machine, and how many of them a job on one node of the test cluster can have. */
const CPUS = availableParallelism();
const CORES = Math.min(CPUS, 16);

const ASKING = [
  'import ipyparallel as ipp\nrc = ipp.Client()',
  '%%px\nimport os\nmine = sorted(os.sched_getaffinity(0))\nnamed = os.environ.get("SLURM_HINT")',
  'for cpus in rc[:]["mine"]:\n    print(*cpus)',
  'print(set(rc[:]["named"]))'
];

async function run(id: string, form: object) {
  const { bench, client } = made();
  const source = sourceFolder({ 'bound.ipynb': notebook(...ASKING) });
  const asked = { cluster: 'hpc', cores: CORES, nodes: 1, time: '3m', ...form };
  await client.submit(id, { notebook: source.notebook, ...asked });
  const job = await bench.end(id, 150);
  expect(job).toMatchObject({ state: 'succeeded', cause: null });
  const [, , cpus = '', named = ''] = outputsOf(job.result.notebook ?? '');
  const log = readFileSync(path.join(job.directory, 'logs/engines.log'), 'utf8');
  return { cpus: cpus.trim().split('\n'), named: named.trim(), log };
}

/** Each engine has as many, and no two have the same, where the job has all CPUs that it could use; else each has all. */
function expectShares(cpus: readonly string[], engines: number): void {
  expect(cpus).toHaveLength(engines);
  const size = CORES === CPUS ? CPUS / engines : CPUS;
  expect(cpus.map(each => each.split(' ').length)).toEqual(cpus.map(() => size));
  expect(new Set(cpus).size).toBe(CORES === CPUS ? engines : 1);
}

test.skipIf(reason !== null)(
  `engines that have a node for themselves share its CPUs out, and the log says to whom${skippedFor(reason)}`,
  async () => {
    const { cpus, log } = await run('b0undcpu', {});
    expectShares(cpus, CORES);
    const told = CORES === CPUS ? `CPUs ${cpus[0]}` : 'all CPUs';
    expect(log).toMatch(new RegExp(`^engine 0 is process \\d+: ${told}$`, 'm'));
  },
  180_000
);

test.skipIf(reason !== null)(
  `an engine of several cores has as many CPUs${skippedFor(reason)}`,
  async () => {
    const { cpus, log } = await run('b0undtwo', { coresPerEngine: CORES });
    expectShares(cpus, 1);
    expect(log).toMatch(/^engine 0 is process \d+: (CPUs|all CPUs)/m);
  },
  180_000
);

test.skipIf(reason !== null)(
  `a hint to Slurm is in nobody's way, and engines find it${skippedFor(reason)}`,
  async () => {
    const { cpus, named, log } = await run('b0undhnt', { directives: ['--hint=nomultithread'] });
    expectShares(cpus, CORES);
    expect(named).toBe("{'nomultithread'}");
    expect(log).toContain('node 0 is n1: engines 0');
  },
  180_000
);
