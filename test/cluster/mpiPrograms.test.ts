import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { notebook, outputsOf } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { clusterBench } from './clusterBench';
import { skippedFor, whyNoCluster } from './testCluster';

const reason = whyNoCluster();
const made = clusterBench(__filename, reason);

const MPICH = path.resolve(__dirname, '../../.venv-mpich/bin/python');

const CONNECT = 'import ipyparallel as ipp, numpy as np\nrc = ipp.Client()';

/** The diffusion of heat on a plate with cold edges, by strips of rows with a row of each neighbour around them. */
const PLATE = `rows, columns, steps = 64, 48, 40
def start():
    row, column = np.mgrid[0:rows, 0:columns]
    return np.pad(np.exp(-((row - 25.0) ** 2 + (column - 20.0) ** 2) / 90), 1)
def step(plate):
    edges = plate[:-2, 1:-1] + plate[2:, 1:-1] + plate[1:-1, :-2] + plate[1:-1, 2:]
    plate[1:-1, 1:-1] += 0.1 * (edges - 4 * plate[1:-1, 1:-1])`;

const STRIPS = `%%px
from mpi4py import MPI
import os, numpy as np
world = MPI.COMM_WORLD
${PLATE}
each = rows // world.size
mine = start()[world.rank * each : (world.rank + 1) * each + 2].copy()
above = world.rank - 1 if world.rank > 0 else MPI.PROC_NULL
below = world.rank + 1 if world.rank + 1 < world.size else MPI.PROC_NULL
for _ in range(steps):
    world.Sendrecv(mine[1], above, recvbuf=mine[-1], source=below)
    world.Sendrecv(mine[-2], below, recvbuf=mine[0], source=above)
    step(mine)
heat = world.allreduce(mine[1:-1].sum())
node = world.Split(int(os.environ["SLURM_NODEID"]), world.rank)
nodes = world.allgather((node.rank, os.environ["SLURMD_NODENAME"]))
file = MPI.File.Open(world, "plate.bin", MPI.MODE_CREATE | MPI.MODE_WRONLY)
strip = np.ascontiguousarray(mine[1:-1, 1:-1])
file.Write_at_all(world.rank * strip.nbytes, strip)
file.Close()`;

const SERIAL = `${PLATE}
whole = start()
for _ in range(steps):
    step(whole)
inner = whole[1:-1, 1:-1]
strips = np.concatenate([mine[1:-1, 1:-1] for mine in rc[:]["mine"]])
print(np.array_equal(strips, inner), np.array_equal(np.fromfile("plate.bin").reshape(rows, columns), inner))
print(np.allclose(rc[:]["heat"], inner.sum()), float(inner.max()) < 0.95)
print(sorted({name for _, name in rc[0]["nodes"]}), [rank for rank, _ in rc[0]["nodes"]])`;

const DYING = `%%px
from mpi4py import MPI
import os, signal, threading, time
world = MPI.COMM_WORLD
def die():
    open("died.txt", "w").write(str(time.time()))
    os.kill(os.getpid(), signal.SIGKILL)
if world.rank == 11:
    threading.Timer(1, die).start()
while True:
    world.allreduce(world.rank)`;

async function run(id: string, cells: readonly string[]) {
  const { bench, client } = made();
  const source = sourceFolder({ 'program.ipynb': notebook(...cells) });
  const form = {
    cluster: 'hpc',
    cores: 16,
    nodes: 4,
    enginesPerNode: 4,
    time: '5m',
    python: MPICH
  };
  await client.submit(id, { notebook: source.notebook, ...form });
  return bench.end(id, 280);
}

test.skipIf(reason !== null)(
  `16 ranks on four nodes find what one process finds, and write it into one file${skippedFor(reason)}`,
  async () => {
    const job = await run('h3atplat', [CONNECT, STRIPS, SERIAL]);
    expect(job).toMatchObject({ state: 'succeeded', cause: null });
    expect(outputsOf(job.result.notebook ?? '')[2]).toBe(
      `True True\nTrue True\n['n1', 'n2', 'n3', 'n4'] [${'0, 1, 2, 3, '.repeat(4).slice(0, -2)}]\n`
    );
  },
  300_000
);

test.skipIf(reason !== null)(
  `a rank of 16 that is killed in an allreduce ends the job, which says which, where and how${skippedFor(reason)}`,
  async () => {
    const job = await run('d1eredce', [CONNECT, DYING]);
    expect(job).toMatchObject({
      state: 'failed',
      cause: { code: 'engines-lost', engines: [11], cell: 2 }
    });
    const log = job.cause?.code === 'engines-lost' ? job.cause.log : '';
    expect(log).toContain('engine-11 on n3 was killed by signal 9');
    const died = Number(readFileSync(path.join(job.directory, 'work/project/died.txt'), 'utf8'));
    expect((job.endedAt ?? Infinity) - died).toBeLessThan(30);
  },
  300_000
);
