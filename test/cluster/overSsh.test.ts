import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { notebook, outputsOf } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { clusterBench } from './clusterBench';
import { skippedFor, whyNoCluster } from './testCluster';

const reason = whyNoCluster();

describe.skipIf(reason !== null)(`Slurm behind SSH${skippedFor(reason)}`, () => {
  const made = clusterBench(__filename, reason, { overSsh: true });

  /** Submits a notebook to a host, and gives what came back. */
  async function run(id: string, host: string, form: object, ...cells: string[]): Promise<Home> {
    const { bench, client, cluster } = made();
    const source = sourceFolder({ 'some.ipynb': notebook(...cells) });
    const asked = { cores: 1, time: '5m', python: cluster.python, ...form };
    await client.submit(id, { notebook: source.notebook, cluster: host, ...asked });
    const job = await bench.end(id, 120);
    expect(job).toMatchObject({ state: 'succeeded', cause: null, result: { place: 'here' } });
    source.expectUntouched([id]);
    return { outputs: outputsOf(job.result.notebook ?? ''), folder: job.result.folder ?? '' };
  }

  // Their programs are known to a login shell only; the job needs srun, too.
  test('sixteen engines of four nodes run behind a login shell that prepares the PATH', async () => {
    const { folder, outputs } = await run(
      'engines0',
      'slurm-login-path',
      { cores: 16, nodes: 4 },
      'import ipyparallel as ipp\nrc = ipp.Client()',
      '%%px\nimport os\nseen = (os.environ["SLURMD_NODENAME"], int(os.environ["SLURM_PROCID"]))',
      'seen = rc[:]["seen"]\nprint(rc.ids == [rank for _, rank in seen], sorted({node for node, _ in seen}), len(seen))',
      'import pickle\npickle.dump(seen, open("seen.pickle", "wb"))',
      '!srun --overlap -N 2 -n 2 echo a step of the notebook'
    );
    expect(outputs[2]).toBe("True ['n1', 'n2', 'n3', 'n4'] 16\n");
    expect(outputs[4]?.match(/a step of the notebook/g)).toHaveLength(2);
    expect(readFileSync(path.join(folder, 'seen.pickle')).length).toBeGreaterThan(0);
  }, 150_000);

  test.concurrent.each([
    ['shellsh0', 'slurm'],
    ['shelltc0', 'slurm-tcsh'],
    ['shellzs0', 'slurm-zsh'],
    ['shellfi0', 'slurm-fish'],
    ['shellpr0', 'slurm-printing'],
    ['shellno0', 'slurm-no-sftp']
  ])(
    'a job (%s) goes to %s, and comes back with its files',
    async (id, host) => {
      const cell = 'open("it\\\'s.txt", "w").write("wrote")\nprint("from there")';
      const { folder, outputs } = await run(id, host, {}, cell);
      expect(outputs).toEqual(['from there\n']);
      expect(readFileSync(path.join(folder, "it's.txt"), 'utf8')).toBe('wrote');
    },
    150_000
  );
});

/** What a job brought home: the outputs of its cells, and the folder of its files. */
interface Home {
  outputs: string[];
  folder: string;
}
