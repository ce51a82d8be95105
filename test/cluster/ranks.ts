import {
  chmodSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { JobForm } from '../../src/api/jobSpec';
import { outputsOf } from '../jobs/notebook';
import type { Cluster, There } from './wholeJobs';

export const CONNECT = 'import ipyparallel as ipp\nrc = ipp.Client()';

const HOSTS = ['gx1', 'gx2', 'gx3', 'gx4'];

/** Cells that have ranks be one world, and say where they are. */
const ONE_WORLD = [
  '%%px\nfrom mpi4py import MPI\nimport numpy as np\nworld = MPI.COMM_WORLD\ndef total():\n    into = np.empty(1)\n    world.Allreduce(np.full(1, world.rank + 1.0), into)\n    return int(into[0])',
  'print(rc[:].apply_sync(lambda: [world.rank, world.size, total()]) == [[rank, 8, 36] for rank in range(8)])',
  'import socket\nprint(rc[:].apply_sync(lambda: __import__("socket").gethostname()))'
];

/** Cells of ranks that are one world, wait for each other for ever, and give way to others. */
const WORLDS = [
  'import ipyparallel as ipp\ncluster = ipp.Cluster(n=8, engines="mpi")\nrc = await cluster.start_and_connect()',
  ...ONE_WORLD,
  'ar = rc[:].apply_async(lambda: world.rank and world.Barrier())\nar.wait(1)\nawait cluster.restart_engines()',
  ...ONE_WORLD
];

/** The Python of an environment like the one with that library, on the Python of the cluster's users: others may not be theirs to run. */
function environmentOf({ folder, python }: Cluster, library: string): string {
  const original = path.resolve(__dirname, `../../.venv-${library}`);
  const environment = path.join(folder, library);
  const bin = path.join(environment, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(path.join(original, 'lib'), path.join(environment, 'lib'));
  for (const name of readdirSync(path.join(original, 'bin'))) {
    const isPython = name.startsWith('python');
    symlinkSync(
      isPython ? realpathSync(python) : path.join(original, 'bin', name),
      path.join(bin, name)
    );
  }
  const home = path.dirname(realpathSync(python));
  writeFileSync(path.join(environment, 'pyvenv.cfg'), `home = ${home}\n`);
  return path.join(bin, 'python');
}

/** Makes a folder for temporary files, of that name, on each of its hosts: theirs, as the machine has them, where each finds its own at `tmp/<name>`. */
function temporaryOf(folder: string, name: string): string[] {
  return HOSTS.map(host => {
    const place = path.join(folder, 'on', host, 'tmp', name);
    mkdirSync(place);
    chmodSync(place, 0o777);
    return place;
  });
}

/** Declares a test for each of these libraries: its ranks are one world over the hosts, each the engine of its number, and so are others that take their place. */
export function ranks(
  made: () => There & { cluster: Cluster },
  forms: Partial<Record<'mpich' | 'openmpi', Partial<JobForm>>>
): void {
  test.concurrent.each(Object.entries(forms))(
    'eight ranks of %s are one world over the hosts, and another one when they are restarted',
    async (library, more) => {
      const { bench, cluster, submit } = made();
      const python = environmentOf(cluster, library);
      const { folder } = cluster;
      const temporary = temporaryOf(folder, library);
      // Ranks of several hosts look for shared memory of one machine otherwise, which these are.
      const environment = [
        'export UCX_TLS=tcp,self',
        `export TMPDIR=${path.join(folder, 'tmp', library)}`
      ];
      const form = { cores: 8, environment, python, ...more };
      const { id } = await submit(library.slice(0, 4), form, ...WORLDS);
      const job = await bench.end(id, 240);
      expect(job).toMatchObject({ state: 'succeeded', cause: null });
      const outputs = outputsOf(job.result.notebook ?? '');
      for (const cell of [1, 5]) {
        expect(outputs[cell + 1]).toBe('True\n');
        expect(new Set(outputs[cell + 2]?.match(/gx\d/g))).toEqual(new Set(HOSTS));
      }
      expect(temporary.flatMap(each => readdirSync(each))).toEqual([]);
    },
    300_000
  );
}
