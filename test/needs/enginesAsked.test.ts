import { expect, it } from 'vitest';
import { notebookNeeds } from '../../src/needs/needs';
import { memoryFolder } from './memoryFolder';

async function enginesAsked(cells: string[], files: Record<string, string> = {}): Promise<number> {
  const notebook = {
    kind: 'notebook' as const,
    language: 'python',
    kernel: null,
    cells: cells.map((source, index) => ({ number: index + 1, source }))
  };
  return (await notebookNeeds(notebook, 'nb.ipynb', memoryFolder(files))).enginesAsked;
}

it.each([
  'rc = ipp.Cluster(n=8).start_and_connect_sync()',
  'with Cluster(engines="mpi", n = 8) as rc:\n    pass',
  'rc = await ipp.Cluster().start_and_connect(n=8, activate=True)',
  'rc = ipp.Cluster().start_and_connect_sync(8)',
  'await cluster.start_cluster(8)',
  'cluster.start_engines_sync(n=2)\ncluster.start_engines_sync(n=8)',
  'rc.wait_for_engines(8)',
  'rc.wait_for_engines(n=8, timeout=10)',
  '!ipcluster start -n 8 --daemonize',
  '%%bash\nipcluster start --n=8 &',
  "os.system('ipcluster start --profile=x -n 8')",
  "subprocess.Popen(['ipcluster', 'start', '-n', '8'])"
])('a number in %s says so', async source => {
  expect(await enginesAsked([source])).toBe(8);
});

it('the largest one counts, also of modules that are taken along', async () => {
  const cells = ['import site_clusters', 'ipp.Cluster(n=3)'];
  const files = { 'site_clusters.py': 'def f(): return Cluster(n=5)\n' };
  expect(await enginesAsked(cells, files)).toBe(5);
});

it.each([
  'ipp.Cluster(n=n)',
  'ipp.Cluster()',
  'Cluster(8)',
  'ipp.Cluster(profile="n=8")',
  'rc.wait_for_engines(len(x))',
  'rc.wait_for_engines(n=2 * 4)',
  'start(n=8)',
  '# ipp.Cluster(n=8)',
  'ipp.Cluster(n=-8)',
  '!ipcluster stop -n 8',
  '!mpiexec -n 8 ipengine'
])('nothing in %s does', async source => {
  expect(await enginesAsked([source])).toBe(0);
});
